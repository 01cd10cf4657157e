import { TopicError, type TopicErrorCode } from '../../topics/index.ts';
import type { Refusal } from '../service/service.ts';

/** Those that are not 400. */
const STATUSES: Readonly<Partial<Record<TopicErrorCode, number>>> = {
  AuthorizationError: 403,
  NotFound: 404,
  ResourceNotFound: 404,
  SubscriptionLimitExceeded: 403,
  Throttled: 429,
  TopicLimitExceeded: 403,
};

export function toSnsRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof TopicError)) return undefined;
  const { code, message } = error;
  return { status: STATUSES[code] ?? 400, code, message };
}
