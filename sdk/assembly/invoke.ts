import { Answer, callHost, HostError } from "./call";
import { Json } from "./json/json";
import { utf8 } from "./utf8";

/** What came of an invocation. */
export class InvokeResult {
  /** Why the function was not invoked; null when it was. */
  readonly error: HostError | null;
  /** True when the function failed: the payload says how. */
  readonly failed: bool;
  /** What the function answered; "" for an event that was only handed over. */
  readonly payload: string;
  readonly requestId: string;

  constructor(answer: Answer) {
    this.error = answer.error;
    this.failed = answer.head.get("functionError").exists;
    this.requestId = answer.head.get("requestId").stringOr("");
    this.payload = utf8.decode(answer.bytes);
  }

  /** The payload as JSON, or null when it is none. */
  json(): Json | null {
    return Json.tryParse(this.payload);
  }
}

/**
 * Invokes a function, `name` or `name:qualifier`, with an event, which is JSON, and waits for its result. The role must allow
 * `lambda:InvokeFunction`; a function that comes for the seventeenth time in one chain is refused.
 */
export function invoke(functionName: string, event: string = "{}"): InvokeResult {
  return invokeAs("RequestResponse", functionName, event);
}

/** Hands over an event that the function is to be invoked with as soon as there is room. */
export function invokeAsync(functionName: string, event: string = "{}"): InvokeResult {
  return invokeAs("Event", functionName, event);
}

function invokeAs(type: string, functionName: string, event: string): InvokeResult {
  const head = Json.object().set("op", "invoke").set("function", functionName).set("type", type);
  return new InvokeResult(callHost(head, utf8.encode(event)));
}
