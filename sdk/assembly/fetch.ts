import { Answer, callHost, HostError } from "./call";
import { Json } from "./json/json";
import { utf8 } from "./utf8";

/** What is sent beside the URL. */
export class FetchRequest {
  readonly headers: Json = Json.array();
  body: Uint8Array | null = null;
  redirect: string = "follow";

  constructor(public readonly method: string = "GET") {}

  /** Adds a header and answers this request, for chaining. */
  header(name: string, value: string): FetchRequest {
    this.headers.push([name, value]);
    return this;
  }

  /** Sends a text, of at most 6 MiB as every body. */
  text(body: string, contentType: string = "text/plain; charset=utf-8"): FetchRequest {
    this.body = utf8.encode(body);
    return this.header("content-type", contentType);
  }

  json(body: Json): FetchRequest {
    return this.text(body.toString(), "application/json");
  }

  bytes(body: Uint8Array, contentType: string): FetchRequest {
    this.body = body;
    return this.header("content-type", contentType);
  }

  /** Answers a redirect instead of following it. */
  withoutRedirects(): FetchRequest {
    this.redirect = "manual";
    return this;
  }
}

/** What was answered, with a body of at most 6 MiB. */
export class FetchResponse {
  /** Why there is no response; null when there is one, whatever its status. */
  readonly error: HostError | null;
  /** 0 when there is none. */
  readonly status: i32;
  /** Where it came from at last. */
  readonly url: string;
  readonly bytes: Uint8Array;
  private readonly headers: Json;

  constructor(answer: Answer) {
    this.error = answer.error;
    this.status = <i32>answer.head.get("status").integerOr(0);
    this.url = answer.head.get("url").stringOr("");
    this.headers = answer.head.get("headers");
    this.bytes = answer.bytes;
  }

  /** True when the status is one of success. */
  get ok(): bool {
    return this.status >= 200 && this.status < 300;
  }

  /** The first header of this name, or null. */
  header(name: string): string | null {
    const wanted = name.toLowerCase();
    for (let i = 0; i < this.headers.length; i++) {
      const header = this.headers.at(i);
      if (header.at(0).stringOr("") == wanted) return header.at(1).stringOr("");
    }
    return null;
  }

  text(): string {
    return utf8.decode(this.bytes);
  }

  /** The body as JSON, or null when it is none. */
  json(): Json | null {
    return Json.tryParse(this.text());
  }
}

/**
 * Sends a request to a host that the function's role allows (`isola:Fetch`), and waits for the response. Whatever goes wrong on the
 * way is its `error`: `AccessDenied`, `PrivateAddress`, `TooManyRedirects`, `ResponseTooLarge`, `FetchFailed`.
 */
export function fetch(url: string, request: FetchRequest = new FetchRequest()): FetchResponse {
  const head = Json.object().set("op", "fetch").set("url", url).set("method", request.method);
  head.set("headers", request.headers).set("redirect", request.redirect);
  return new FetchResponse(callHost(head, request.body));
}
