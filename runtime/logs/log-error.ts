/** Why something is refused: CloudWatch Logs' own names. */
export type LogErrorCode =
  | 'InvalidParameterException'
  | 'LimitExceededException'
  | 'OperationAbortedException'
  | 'ResourceAlreadyExistsException'
  | 'ResourceNotFoundException'
  | 'TooManyTagsException'
  | 'ValidationException';

/** A refusal in CloudWatch Logs' words. */
export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: LogErrorCode;

  constructor(code: LogErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function invalid(message: string): LogError {
  return new LogError('InvalidParameterException', message);
}

/** As AWS says that a member does not fit. */
export function constraint(value: unknown, member: string, rule: string): LogError {
  const shown = String(value).slice(0, 256);
  return invalid(
    `1 validation error detected: Value '${shown}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}
