/** Why something is refused: API Gateway's own names, with their statuses. */
export const API_ERRORS = {
  BadRequestException: 400,
  ConflictException: 409,
  NotFoundException: 404,
  TooManyRequestsException: 429,
} as const;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** A refusal in API Gateway's words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function badRequest(message: string): ApiError {
  return new ApiError('BadRequestException', message);
}

export function notFound(kind: string, id: string): ApiError {
  return new ApiError('NotFoundException', `Invalid ${kind} identifier specified ${id.slice(0, 128)}`);
}

export function conflict(message: string): ApiError {
  return new ApiError('ConflictException', message);
}
