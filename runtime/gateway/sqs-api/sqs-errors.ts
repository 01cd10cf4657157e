import { QueueError, type QueueErrorCode } from '../../queues/index.ts';
import type { Refusal } from '../service/service.ts';

/** What the Query protocol calls errors that it has another name for. */
const QUERY_CODES: Readonly<Partial<Record<QueueErrorCode, string>>> = {
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};
const FORBIDDEN: readonly QueueErrorCode[] = ['OverLimit', 'PurgeQueueInProgress'];
const MISSING: readonly QueueErrorCode[] = ['ResourceNotFoundException', 'InvalidAddress'];

export function toSqsRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof QueueError)) return undefined;
  const { code, message } = error;
  const status = FORBIDDEN.includes(code) ? 403 : MISSING.includes(code) ? 404 : 400;
  return { status, code, message, queryCode: queryCodeOf(code) };
}

/** What entries of a batch and the Query protocol call an error. */
export function queryCodeOf(code: QueueErrorCode): string {
  return QUERY_CODES[code] ?? code;
}
