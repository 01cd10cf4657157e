/** Why a call is not done, as the guest reads it. Thrown inside of the room, a value outside. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export function invalid(message: string): CallError {
  return new CallError('InvalidRequest', message);
}

export function tooManyWaiting(): CallError {
  return new CallError('TooManyWaiting', 'As many guests wait in host calls as may: try again later.');
}
