import type { RuntimeFailed } from '../port';
import { Refusal } from '../refusal';

/** OpenAI's status, type and code for an error of Bedrock's. */
interface Meaning {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly worthRetrying?: boolean;
}

const WRONG: Meaning = { status: 400, type: 'invalid_request_error', code: null };
const CREDENTIALS: Meaning = { status: 401, type: 'authentication_error', code: 'invalid_api_key' };
const DENIED: Meaning = { status: 403, type: 'permission_error', code: 'access_denied' };
const MISSING: Meaning = { status: 404, type: 'invalid_request_error', code: 'model_not_found' };
const THROTTLED: Meaning = { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' };
const QUOTA: Meaning = { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' };
const FAULT: Meaning = { status: 500, type: 'server_error', code: 'server_error', worthRetrying: true };
const AWAY: Meaning = { status: 503, type: 'server_error', code: 'service_unavailable' };
const COLD: Meaning = { status: 503, type: 'server_error', code: 'model_not_ready' };
const SLOW: Meaning = { status: 504, type: 'server_error', code: 'model_timeout', worthRetrying: true };

/** By Bedrock's name: its statuses do not tell a model that is not loaded (429) from throttling (429). */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  Object.entries({
    ValidationException: WRONG,
    ConflictException: { status: 409, type: 'invalid_request_error', code: 'conflict' },
    AccessDeniedException: DENIED,
    AccessDenied: DENIED,
    UnauthorizedException: DENIED,
    ResourceNotFoundException: MISSING,
    ModelNotReadyException: COLD,
    ThrottlingException: THROTTLED,
    Throttling: THROTTLED,
    TooManyRequestsException: THROTTLED,
    ServiceQuotaExceededException: QUOTA,
    ServiceUnavailableException: AWAY,
    InternalServerException: FAULT,
    ModelErrorException: FAULT,
    ModelStreamErrorException: FAULT,
    ModelTimeoutException: SLOW,
    ExpiredTokenException: CREDENTIALS,
    ExpiredToken: CREDENTIALS,
    UnrecognizedClientException: CREDENTIALS,
    InvalidClientTokenId: CREDENTIALS,
    InvalidSignatureException: CREDENTIALS,
    SignatureDoesNotMatch: CREDENTIALS,
    IncompleteSignature: CREDENTIALS,
    IncompleteSignatureException: CREDENTIALS,
    MissingAuthenticationToken: CREDENTIALS,
    MissingAuthenticationTokenException: CREDENTIALS,
    // the SDK's own: it found none, or the session of a profile is over
    CredentialsProviderError: CREDENTIALS,
    TokenProviderError: CREDENTIALS,
  }),
);

/** The error as OpenAI would have it. `action` is the IAM action that the call needs on `modelId`. */
export function asRefusal(failed: RuntimeFailed, action: string, modelId: string): Refusal {
  const { bedrockName, about } = failed;
  const meaning = meaningOf(failed);
  const need = meaning === DENIED ? `; the caller needs ${action} on ${modelId}` : '';
  return new Refusal(
    meaning.status,
    {
      message: `${bedrockName}: ${failed.message}${need}`,
      type: meaning.type,
      param: null,
      code: meaning.code,
      bedrock: { name: bedrockName, ...(about.requestId && { requestId: about.requestId }) },
    },
    meaning.worthRetrying,
    { cause: failed },
  );
}

/** Whether it is Bedrock or the SDK that says what is wrong, and not the network. */
export function isNamed({ bedrockName, about }: RuntimeFailed): boolean {
  return MEANINGS.has(bedrockName) || about.status !== undefined;
}

function meaningOf({ bedrockName, message, about: { status, originalStatus } }: RuntimeFailed): Meaning {
  const meaning = MEANINGS.get(bedrockName) ?? (status !== undefined && status < 500 ? WRONG : FAULT);
  if (meaning === WRONG && /context (length|window)|maximum.{0,40}tokens|too many.{0,20}tokens/i.test(message)) {
    return { ...WRONG, code: 'context_length_exceeded' };
  }
  // the model's own server found the request wrong, and Bedrock wraps that as an error of the model
  if (meaning === FAULT && originalStatus !== undefined && originalStatus >= 400 && originalStatus < 500) return WRONG;
  return meaning;
}
