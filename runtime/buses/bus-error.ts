export type BusErrorCode =
  | 'ConflictException'
  | 'InvalidEventPatternException'
  | 'InvalidStateException'
  | 'LimitExceededException'
  | 'PolicyLengthExceededException'
  | 'ResourceAlreadyExistsException'
  | 'ResourceNotFoundException'
  | 'ServiceQuotaExceededException'
  | 'ValidationException';

/** What EventBridge and its Scheduler refuse, by their own names. */
export class BusError extends Error {
  override readonly name = 'BusError';
  readonly code: BusErrorCode;

  constructor(code: BusErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function noSuchBus(name: string): BusError {
  return new BusError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
}

export function noSuchRule(name: string, bus: string): BusError {
  return new BusError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
}

export function invalid(message: string): BusError {
  return new BusError('ValidationException', message);
}

export function tooMany(): BusError {
  return new BusError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
}
