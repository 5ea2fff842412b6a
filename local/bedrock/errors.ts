/** Bedrock's exceptions with their HTTP codes. Conflict and ServiceQuotaExceeded are 400 here, not 409 and 402. */
export const errorStatus = {
  ResourceNotFoundException: 404,
  AccessDeniedException: 403,
  ValidationException: 400,
  ConflictException: 400,
  InternalServerException: 500,
  TooManyTagsException: 400,
  ServiceQuotaExceededException: 400,
  ThrottlingException: 429,
} as const;

export type ErrorName = keyof typeof errorStatus;

/** A call that Bedrock refuses. `name` is the exception's name, which is what clients dispatch on. */
export class BedrockError extends Error {
  readonly httpStatus: number;

  constructor(
    override readonly name: ErrorName,
    message: string,
  ) {
    super(message);
    this.httpStatus = errorStatus[name];
  }
}

/** The connection ends without an answer; whether the call took effect is what the caller cannot know. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';

  constructor(operation: string) {
    super(`the connection was cut during ${operation}`);
  }
}
