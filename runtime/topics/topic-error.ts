/** Why something is refused: SNS's own names, as the Query protocol has them. */
export type TopicErrorCode =
  | 'AuthorizationError'
  | 'BatchEntryIdsNotDistinct'
  | 'BatchRequestTooLong'
  | 'EmptyBatchRequest'
  | 'InvalidBatchEntryId'
  | 'InvalidParameter'
  | 'NotFound'
  | 'ParameterValueInvalid'
  | 'ResourceNotFound'
  | 'SubscriptionLimitExceeded'
  | 'TagLimitExceeded'
  | 'Throttled'
  | 'TooManyEntriesInBatchRequest'
  | 'TopicLimitExceeded'
  | 'ValidationError';

/** A refusal in SNS's words. */
export class TopicError extends Error {
  override readonly name = 'TopicError';
  readonly code: TopicErrorCode;

  constructor(code: TopicErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What SNS says of most values that cannot be. */
export function invalidParameter(what: string): TopicError {
  return new TopicError('InvalidParameter', `Invalid parameter: ${what.slice(0, 2_000)}`);
}

export function missingParameter(name: string): TopicError {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  return new TopicError(
    'ValidationError',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

export function noSuchTopic(): TopicError {
  return new TopicError('NotFound', 'Topic does not exist');
}

export function noSuchSubscription(): TopicError {
  return new TopicError('NotFound', 'Subscription does not exist');
}
