import { hostFail } from "./host";

/**
 * Ends the invocation as a function error: the caller reads `{"errorType": type, "errorMessage": message}`. Does not
 * return. `throw new Error(message)` does the same with the type "Error".
 */
export function fail(type: string, message: string): void {
  const typeBytes = String.UTF8.encode(type);
  const messageBytes = String.UTF8.encode(message);
  hostFail(changetype<usize>(typeBytes), typeBytes.byteLength, changetype<usize>(messageBytes), messageBytes.byteLength);
  unreachable();
}
