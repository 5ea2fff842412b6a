/**
 * What CloudFormation and a custom resource say to each other.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export interface CustomResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
  readonly OldResourceProperties?: Properties;
}

export type Properties = Readonly<Record<string, unknown>>;

/** What came back: an answer, nothing in time, or nothing because CloudFormation stopped listening. */
export type Outcome =
  | { readonly kind: 'success'; readonly physicalId: string; readonly data: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly reason: string; readonly physicalId?: string }
  | { readonly kind: 'no-answer'; readonly reason: string }
  | { readonly kind: 'cancelled' };

/** "The total size of the response body can't exceed 4096 bytes": crpg-ref-responses.html */
const MAX_ANSWER_BYTES = 4096;
/** "A non-empty string", "up to 1 KB in size": same place. */
const MAX_PHYSICAL_ID_BYTES = 1024;

export function parseAnswer(body: string): Outcome {
  if (Buffer.byteLength(body) > MAX_ANSWER_BYTES)
    return { kind: 'failed', reason: `Response object is too long: ${Buffer.byteLength(body)} bytes` };
  const answer = JSON.parse(body) as {
    Status: string;
    Reason?: string;
    PhysicalResourceId?: string;
    Data?: Record<string, unknown>;
  };
  const physicalId = answer.PhysicalResourceId ?? '';
  if (physicalId === '' || Buffer.byteLength(physicalId) > MAX_PHYSICAL_ID_BYTES)
    return { kind: 'failed', reason: 'Invalid PhysicalResourceId' };
  if (answer.Status !== 'SUCCESS') return { kind: 'failed', reason: answer.Reason ?? '', physicalId };
  const data = Object.fromEntries(Object.entries(answer.Data ?? {}).map(([key, value]) => [key, String(value)]));
  return { kind: 'success', physicalId, data };
}
