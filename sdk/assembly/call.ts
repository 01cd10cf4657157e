import { hostAnswer, hostCall } from "./host";
import { Json } from "./json/json";

/** Why the host did not do something. */
export class HostError {
  constructor(
    /** Such as "AccessDenied": sdk/README.md names them. */
    public readonly type: string,
    public readonly message: string,
  ) {}

  toString(): string {
    return this.type + ": " + this.message;
  }
}

/** What the host answered. */
export class Answer {
  constructor(
    public readonly head: Json,
    public readonly bytes: Uint8Array,
  ) {}

  /** Null when it was done. */
  get error(): HostError | null {
    const error = this.head.get("error");
    return error.exists ? new HostError(error.get("type").stringOr(""), error.get("message").stringOr("")) : null;
  }
}

/** Asks the host and waits for its answer. */
export function callHost(head: Json, bytes: Uint8Array | null = null): Answer {
  const sent = bytes === null ? new Uint8Array(0) : bytes;
  const text = String.UTF8.encode(head.toString());
  const size = hostCall(changetype<usize>(text), text.byteLength, sent.dataStart, sent.length);
  if (size < 0) {
    const error = Json.object().set("type", "InvalidRequest").set("message", "The call is too large.");
    return new Answer(Json.object().set("error", error), new Uint8Array(0));
  }
  const answer = new ArrayBuffer(size);
  hostAnswer(0, changetype<usize>(answer), size);
  const body = new Uint8Array(hostAnswer(1, 0, 0));
  hostAnswer(1, body.dataStart, body.length);
  return new Answer(Json.parse(String.UTF8.decode(answer)), body);
}
