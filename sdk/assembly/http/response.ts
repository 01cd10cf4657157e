import { base64 } from "../base64";
import { Json } from "../json/json";

/** An HTTP response; `toString` writes the result that a function URL expects (payload format 2.0). */
export class HttpResponse {
  private readonly headers: Json = Json.object();
  private readonly cookies: Json = Json.array();
  private body: string = "";
  private isBase64: bool = false;

  constructor(public readonly status: i32) {}

  static text(body: string, status: i32 = 200): HttpResponse {
    return HttpResponse.of(body, "text/plain; charset=utf-8", status);
  }

  static html(body: string, status: i32 = 200): HttpResponse {
    return HttpResponse.of(body, "text/html; charset=utf-8", status);
  }

  static json(body: Json, status: i32 = 200): HttpResponse {
    return HttpResponse.of(body.toString(), "application/json", status);
  }

  /** `{"error": message}` with that status. */
  static error(status: i32, message: string): HttpResponse {
    return HttpResponse.json(Json.object().set("error", message), status);
  }

  static bytes(body: Uint8Array, contentType: string, status: i32 = 200): HttpResponse {
    const response = HttpResponse.of(base64.encode(body), contentType, status);
    response.isBase64 = true;
    return response;
  }

  static redirect(location: string, status: i32 = 302): HttpResponse {
    return new HttpResponse(status).header("location", location);
  }

  static of(body: string, contentType: string, status: i32): HttpResponse {
    const response = new HttpResponse(status).header("content-type", contentType);
    response.body = body;
    return response;
  }

  /** Sets a header and answers this response, for chaining. */
  header(name: string, value: string): HttpResponse {
    this.headers.set(name.toLowerCase(), value);
    return this;
  }

  /** Adds a cookie, e.g. `session=1; Secure; HttpOnly`. */
  cookie(cookie: string): HttpResponse {
    this.cookies.push(cookie);
    return this;
  }

  toString(): string {
    const result = Json.object().set("statusCode", this.status).set("headers", this.headers);
    if (this.cookies.length > 0) result.set("cookies", this.cookies);
    return result.set("body", this.body).set("isBase64Encoded", this.isBase64).toString();
  }
}
