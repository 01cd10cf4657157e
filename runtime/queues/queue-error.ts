/** Why something is refused: SQS's own names. */
export type QueueErrorCode =
  | 'BatchEntryIdsNotDistinct'
  | 'BatchRequestTooLong'
  | 'EmptyBatchRequest'
  | 'InvalidAddress'
  | 'InvalidAttributeName'
  | 'InvalidAttributeValue'
  | 'InvalidBatchEntryId'
  | 'InvalidMessageContents'
  | 'InvalidParameterValue'
  | 'MessageNotInflight'
  | 'MissingParameter'
  | 'OverLimit'
  | 'PurgeQueueInProgress'
  | 'QueueDoesNotExist'
  | 'QueueNameExists'
  | 'ReceiptHandleIsInvalid'
  | 'ResourceNotFoundException'
  | 'TooManyEntriesInBatchRequest'
  | 'UnsupportedOperation';

/** A refusal in SQS's words. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
  readonly code: QueueErrorCode;

  constructor(code: QueueErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function noSuchQueue(): QueueError {
  return new QueueError('QueueDoesNotExist', 'The specified queue does not exist.');
}

/** What SQS says of most values that cannot be. */
export function invalidParameter(value: string | number, name: string, reason: string): QueueError {
  const shown = String(value).slice(0, 1_000);
  return new QueueError('InvalidParameterValue', `Value ${shown} for parameter ${name} is invalid. Reason: ${reason}`);
}

export function missingParameter(name: string): QueueError {
  return new QueueError('MissingParameter', `The request must contain the parameter ${name}.`);
}
