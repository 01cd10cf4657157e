import type { LambdaError } from '../contract/errors.ts';
import { silentObserver } from '../contract/observer.ts';
import { toErrorAnswer } from './error-answer.ts';
import { send } from './exchange.ts';
import type { Wire } from './wire.ts';

/** Answers a request of which nothing was read with an error, and ends its connection. */
export function refuse(wire: Wire, error: LambdaError): void {
  const { status, headers, body } = toErrorAnswer(error, silentObserver);
  const typed = { 'content-type': 'application/json', ...headers, connection: 'close' };
  send(wire, { status, headers: typed, body: JSON.stringify(body) });
}
