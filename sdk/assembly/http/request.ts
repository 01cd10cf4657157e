import { base64 } from "../base64";
import { Json } from "../json/json";
import { utf8 } from "../utf8";
import { percentDecode, queryValues } from "./query";

/** An HTTP request, read from the event of a function URL (payload format 2.0). */
export class HttpRequest {
  /** What the router matched, by name: `/users/:id` gives `id`. */
  readonly params: Map<string, string> = new Map();

  constructor(
    /** The whole event. */
    public readonly event: Json,
  ) {}

  static from(event: string): HttpRequest {
    return new HttpRequest(Json.parse(event));
  }

  get method(): string {
    return this.event.get("requestContext").get("http").get("method").stringOr("GET");
  }
  /** The path as it was sent, percent-encoded; "/" when there is none. */
  get rawPath(): string {
    return this.event.get("rawPath").stringOr("/");
  }
  /** The path, decoded. */
  get path(): string {
    return percentDecode(this.rawPath);
  }
  get sourceIp(): string {
    return this.event.get("requestContext").get("http").get("sourceIp").stringOr("");
  }

  /** A header's value, by its name in any case, or null. Repeated headers are joined with commas. */
  header(name: string): string | null {
    const value = this.event.get("headers").get(name.toLowerCase());
    return value.isString ? value.text : null;
  }

  /** The first value of a query parameter, decoded, or null. */
  query(name: string): string | null {
    const values = this.queryAll(name);
    return values.length > 0 ? values[0] : null;
  }

  /** Every value of a query parameter, decoded, in order. */
  queryAll(name: string): string[] {
    return queryValues(this.event.get("rawQueryString").stringOr(""), name);
  }

  cookie(name: string): string | null {
    const cookies = this.event.get("cookies");
    for (let i = 0; i < cookies.length; i++) {
      const cookie = cookies.at(i).stringOr("");
      if (cookie.startsWith(name + "=")) return cookie.substring(name.length + 1);
    }
    return null;
  }

  /** What the router matched for `:name`, or "". */
  param(name: string): string {
    return this.params.has(name) ? this.params.get(name) : "";
  }

  /** The body's bytes; empty when there is none, or when it claims to be base64 and is not. */
  bytes(): Uint8Array {
    const body = this.event.get("body").stringOr("");
    if (!this.event.get("isBase64Encoded").booleanOr(false)) return utf8.encode(body);
    const decoded = base64.decode(body);
    return decoded === null ? new Uint8Array(0) : decoded;
  }

  /** The body as text. */
  text(): string {
    if (!this.event.get("isBase64Encoded").booleanOr(false)) return this.event.get("body").stringOr("");
    return utf8.decode(this.bytes());
  }

  /** The body as JSON, or null when it is none. */
  json(): Json | null {
    return Json.tryParse(this.text());
  }
}
