import type { FunctionVersion } from '../contract/function-version.ts';
import type { Observer } from '../contract/observer.ts';
import type { RefusalReason, Refused } from '../contract/outcome.ts';
import { hasArrived } from './body.ts';
import type { Exchange } from './exchange.ts';
import { toRefusal } from './lambda-api/outcome-response.ts';

export interface EarlyRefusalDeps {
  /** Why an invocation of a function would be refused now; absent where nobody knows. */
  readonly refusal?: ((functionArn: string) => RefusalReason | undefined) | undefined;
  readonly observer: Observer;
}

/**
 * Throws, before the rest of a body is read, what admission would answer after it: its bytes would cost the most when there is the
 * least room. Bodies that came with their heads are with us anyway.
 */
export function assertRoom(
  { incoming, requestId }: Exchange,
  { refusal, observer }: EarlyRefusalDeps,
  { target, receivedAt }: { readonly target: FunctionVersion; readonly receivedAt: number },
): void {
  const reason = hasArrived(incoming) ? undefined : refusal?.(target.arn);
  if (reason === undefined) return;
  const refused: Refused = { kind: 'refused', reason, retryAfterSeconds: 1 };
  observer.invocationEnded({ requestId, target, event: UNREAD, receivedAt, traceId: '' }, refused);
  throw toRefusal(refused);
}

const UNREAD = new Uint8Array();
