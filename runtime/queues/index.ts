export { inForce, isSettable, MESSAGE_BYTES, unknownAttribute } from './queue-attributes.ts';
export {
  invalidParameter,
  missingParameter,
  noSuchQueue,
  QueueError,
  type QueueErrorCode,
} from './queue-error.ts';
export { isFifo, type QueueKey, type QueueRecord, toQueueArn } from './queue-record.ts';
export { Queues } from './queues.ts';
