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
  // The runtime's own.
  ModelNotReadyException: 429,
  ModelErrorException: 424,
  ModelStreamErrorException: 424,
  ModelTimeoutException: 408,
  ServiceUnavailableException: 503,
} as const;

/** What AWS's front door says before any service is asked: https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html */
export const commonErrorStatus = {
  ExpiredTokenException: 403,
  UnrecognizedClientException: 403,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
} as const;

const statuses = { ...errorStatus, ...commonErrorStatus };

export type ErrorName = keyof typeof statuses;

export function isErrorName(name: unknown): name is ErrorName {
  return typeof name === 'string' && Object.hasOwn(statuses, name);
}

/** A call that Bedrock refuses. `name` is the exception's name, which is what clients dispatch on. */
export class BedrockError extends Error {
  readonly httpStatus: number;

  constructor(
    override readonly name: ErrorName,
    message: string,
    /** Further members of the exception, such as `originalStatusCode`. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.httpStatus = statuses[name];
  }
}

/** The connection ends without an answer; whether the call took effect is what the caller cannot know. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';

  constructor(operation: string) {
    super(`the connection was cut during ${operation}`);
  }
}
