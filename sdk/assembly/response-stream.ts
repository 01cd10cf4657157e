import { hostStreamHttp, hostStreamWrite } from "./host";
import { Json } from "./json/json";

/**
 * The answer in pieces. A caller that asked for a stream has each as soon as it is written; for others they are put together.
 * After the first piece, what the handler returns is ignored.
 *
 *     ResponseStream.http(200, Json.object().set("content-type", "text/plain"));
 *     for (let i = 0; i < 10; i++) ResponseStream.write(i.toString() + "\n");
 */
export namespace ResponseStream {
  /** One piece, as UTF-8. Waits while the client is far behind. */
  export function write(text: string): void {
    const bytes = String.UTF8.encode(text);
    pass(hostStreamWrite(changetype<usize>(bytes), bytes.byteLength));
  }

  export function writeBytes(bytes: Uint8Array): void {
    pass(hostStreamWrite(bytes.dataStart, bytes.byteLength));
  }

  /** Status, headers and cookies, for whoever calls the function's URL. Throws unless it comes first. */
  export function http(status: i32, headers: Json = Json.object(), cookies: Json = Json.array()): void {
    const prelude = Json.object().set("statusCode", status).set("headers", headers).set("cookies", cookies);
    const bytes = String.UTF8.encode(prelude.toString());
    if (hostStreamHttp(changetype<usize>(bytes), bytes.byteLength) != 0) {
      throw new Error("An HTTP prelude comes before everything else and has at most 16 KiB.");
    }
  }
}

function pass(result: i32): void {
  if (result != 0) throw new Error("Nobody takes a stream while the function initialises.");
}
