import { type IsCompleteAnswer, importedModels } from '../../lambda/imported-model/handler';
import type { FrameworkEvent } from '../../lambda/imported-model/request';
import type { FakeOutside } from './fake-outside';
import { ROLE, STACK } from './fixtures';

export const QUERY_INTERVAL = 15_000;

/** The framework's own limit on a waiter, a backstop behind the handler's deadline. */
const MOST_POLLS = (55 * 60_000) / QUERY_INTERVAL;

export const PROPERTIES = {
  Bucket: 'weights',
  Prefix: 'v1/',
  ModelName: 'gpt-oss-20b',
  ImportRoleArn: ROLE,
  WaitForUpload: 'false',
  Regions: ['us-east-1'],
  TimeoutSeconds: '3000',
  Link: '1',
  Links: '1',
};

let requests = 0;

/** An event as CloudFormation sends it: with the signed address that its answer goes to. */
export function event(
  type: FrameworkEvent['RequestType'],
  properties: Record<string, unknown> = {},
  more: Partial<FrameworkEvent> = {},
): FrameworkEvent & { readonly ResponseURL: string } {
  requests += 1;
  return {
    RequestType: type,
    RequestId: `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`,
    StackId: STACK,
    LogicalResourceId: 'Model',
    ResourceProperties: { ...PROPERTIES, ...properties },
    ResponseURL: 'https://cloudformation-custom-resource-response.example/?X-Amz-Signature=secret',
    ...more,
  };
}

export interface Answer {
  readonly status: 'SUCCESS' | 'FAILED';
  readonly physicalId: string;
  readonly data: Record<string, string>;
  readonly error: Error | undefined;
  readonly polls: number;
}

/** One request's way through CDK's Provider framework: `onEvent` once, then `isComplete` at every interval. */
export class Waiter {
  physicalId = '';
  private readonly handlers;
  private polls = 0;

  constructor(
    private readonly outside: FakeOutside,
    private noted: FrameworkEvent,
  ) {
    this.handlers = importedModels(outside);
  }

  async begin(): Promise<this> {
    const answer = await this.handlers.onEvent(this.noted);
    this.noted = { ...this.noted, ...answer };
    this.physicalId = answer.PhysicalResourceId ?? '';
    return this;
  }

  /** The answer that ends the request, or undefined for "not yet". */
  async poll(): Promise<Answer | undefined> {
    this.polls += 1;
    try {
      const answer: IsCompleteAnswer = await this.handlers.isComplete(this.noted);
      return answer.IsComplete ? this.answered('SUCCESS', { ...answer.Data }) : undefined;
    } catch (error) {
      if (error instanceof Error) return this.answered('FAILED', {}, error);
      throw error;
    }
  }

  async toEnd(): Promise<Answer> {
    for (let poll = 0; poll < MOST_POLLS; poll += 1) {
      const answer = await this.poll();
      if (answer) return answer;
      this.outside.pass(QUERY_INTERVAL);
    }
    return this.answered('FAILED', {}, new Error('Operation timed out'));
  }

  private answered(status: Answer['status'], data: Record<string, string>, error?: Error): Answer {
    return { status, data, error, polls: this.polls, physicalId: this.physicalId };
  }
}

export async function handle(outside: FakeOutside, request: FrameworkEvent): Promise<Answer> {
  const waiter = await new Waiter(outside, request).begin();
  return waiter.toEnd();
}
