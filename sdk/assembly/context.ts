import { hostClock, hostContext } from "./host";
import { Json } from "./json/json";

/** What is known of the invocation besides its event. */
export class Context {
  constructor(
    /** The whole context, should it hold more than the fields below. */
    public readonly json: Json,
  ) {}

  get requestId(): string {
    return this.json.get("awsRequestId").stringOr("");
  }
  get functionName(): string {
    return this.json.get("functionName").stringOr("");
  }
  /** `$LATEST` or a version number. */
  get functionVersion(): string {
    return this.json.get("functionVersion").stringOr("");
  }
  get invokedFunctionArn(): string {
    return this.json.get("invokedFunctionArn").stringOr("");
  }
  get memoryLimitInMb(): i64 {
    return this.json.get("memoryLimitInMB").integerOr(0);
  }
  get traceId(): string {
    return this.json.get("traceId").stringOr("");
  }
  /** The same place in the trace as W3C's header says it, to be sent on; empty when the trace id names none. */
  get traceparent(): string {
    return this.json.get("traceparent").stringOr("");
  }
  /** Epoch milliseconds at which the invocation is stopped. */
  get deadline(): i64 {
    return this.json.get("deadlineMs").integerOr(0);
  }
  /** Milliseconds left until then; never negative. */
  get remainingMs(): i64 {
    return max<i64>(0, this.deadline - hostClock(0) / 1_000_000);
  }
}

/** The context of the invocation that is running; call it in the handler. */
export function context(): Context {
  const size = hostContext(0, 0);
  if (size <= 0) return new Context(Json.object());
  const bytes = new ArrayBuffer(size);
  hostContext(changetype<usize>(bytes), size);
  return new Context(Json.parse(String.UTF8.decode(bytes)));
}
