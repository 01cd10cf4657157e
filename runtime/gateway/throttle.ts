import { LambdaError } from '../contract/errors.ts';

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
