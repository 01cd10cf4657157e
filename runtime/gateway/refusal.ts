import type { IncomingMessage, ServerResponse } from 'node:http';
import { LambdaError } from '../contract/errors.ts';
import { silentObserver } from '../contract/observer.ts';
import { toErrorAnswer } from './error-answer.ts';
import { send } from './exchange.ts';

/** Refuses for want of room, before anything else is known of a request; clients of Lambda try again later. */
export function createThrottle(): LambdaError {
  return new LambdaError('TooManyRequestsException', 'Rate Exceeded.', {
    members: { Reason: 'CallerRateLimitExceeded' },
    headers: { 'retry-after': '1' },
  });
}

/** Refuses because the process is about to end; another one may serve it. */
export function createUnavailable(): LambdaError {
  return new LambdaError('ServiceUnavailableException', 'The server is shutting down.', {
    headers: { 'retry-after': '1' },
  });
}

/** Answers a request of which nothing was read with an error, and ends its connection. */
export function refuse(incoming: IncomingMessage, outgoing: ServerResponse, error: LambdaError): void {
  const { status, headers, body } = toErrorAnswer(error, silentObserver);
  const typed = { 'content-type': 'application/json', ...headers, connection: 'close' };
  send({ incoming, outgoing }, { status, headers: typed, body: JSON.stringify(body) });
}
