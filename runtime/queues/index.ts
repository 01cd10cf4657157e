export { attributesMd5, type MessageAttributes, selectAttributes } from './message-attributes.ts';
export { inForce, isSettable, MESSAGE_BYTES, unknownAttribute } from './queue-attributes.ts';
export {
  invalidParameter,
  missingParameter,
  noSuchQueue,
  QueueError,
  type QueueErrorCode,
} from './queue-error.ts';
export { isFifo, parseQueueArn, type QueueKey, type QueueRecord, toQueueArn } from './queue-record.ts';
export { Queues, type ReceiveOptions, type Sent } from './queues.ts';
export { md5, type ReceivedMessage } from './received-message.ts';
export { messageLength, type OutgoingMessage, type PreparedMessage } from './sending.ts';
