import type { Bedrock } from './bedrock';
import type { AdjustableClock } from './clock';
import { parseFault } from './faults';
import { isRecord } from './shapes';
import { parseSwitches } from './switches';

export interface AdminAnswer {
  readonly status: number;
  readonly body: object;
}

/**
 * The emulator's own endpoints below `/_bedrock/`, for scripts and the curious: health, state, reset, switches, clock
 * and faults. `undefined` when there is no such endpoint; what is wrong with a request is answered with 400.
 */
export async function administer(
  bedrock: Bedrock,
  clock: AdjustableClock,
  method: string,
  path: string,
  body: Buffer,
): Promise<AdminAnswer | undefined> {
  try {
    const answer = await act(bedrock, clock, `${method} ${path}`, body);
    return answer && { status: 200, body: answer };
  } catch (error) {
    return { status: 400, body: { message: error instanceof Error ? error.message : String(error) } };
  }
}

async function act(bedrock: Bedrock, clock: AdjustableClock, what: string, body: Buffer): Promise<object | undefined> {
  switch (what) {
    case 'GET health':
      return { status: 'ok' };
    case 'GET state':
      return state(bedrock, clock);
    case 'POST reset':
      bedrock.reset();
      return {};
    case 'POST switches':
      return Object.assign(bedrock.switches, parseSwitches(parseObject(body)));
    case 'GET switches':
      return bedrock.switches;
    case 'POST clock':
      setClock(clock, parseObject(body));
      return time(clock);
    case 'GET clock':
      return time(clock);
    case 'POST faults':
      bedrock.faults.add(...parseFaults(body));
      return { faults: bedrock.faults.pending };
    case 'GET faults':
      return { faults: bedrock.faults.pending };
    case 'DELETE faults':
      bedrock.faults.clear();
      return { faults: [] };
    default:
      return undefined;
  }
}

async function state(bedrock: Bedrock, clock: AdjustableClock): Promise<object> {
  const { jobs, models } = await bedrock.look();
  const iso = (at: number): string => new Date(at).toISOString();
  return {
    ...time(clock),
    calls: bedrock.calls.map((call) => ({ ...call, at: iso(call.at) })),
    jobs: jobs.map(({ arn, request, createdAt, endsAt, status, failureMessage, modelArn, tags }) => ({
      arn,
      request,
      createdAt: iso(createdAt),
      endsAt: iso(endsAt),
      status,
      failureMessage,
      modelArn,
      tags: Object.fromEntries(tags),
    })),
    models: models.map(({ arn, name, architecture, job, createdAt, goneAt, tags }) => ({
      arn,
      name,
      architecture,
      jobArn: job.arn,
      createdAt: iso(createdAt),
      deleted: goneAt !== undefined,
      tags: Object.fromEntries(tags),
    })),
  };
}

function time(clock: AdjustableClock): object {
  return { now: new Date(clock.now()).toISOString(), scale: clock.scale };
}

/** `advance` in seconds, `scale` in emulated seconds for each real one. */
function setClock(clock: AdjustableClock, { advance, scale }: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries({ advance, scale })) {
    if (value !== undefined && !(typeof value === 'number' && value >= 0)) {
      throw new Error(`'${name}' must be a number, zero or more, got ${JSON.stringify(value)}`);
    }
  }
  if (typeof scale === 'number') clock.run(scale);
  if (typeof advance === 'number') clock.advance(advance);
}

function parseFaults(body: Buffer): ReturnType<typeof parseFault>[] {
  const parsed: unknown = JSON.parse(body.toString('utf8'));
  return Array.isArray(parsed) ? parsed.map(parseFault) : [parseFault(parsed)];
}

function parseObject(body: Buffer): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(body.toString('utf8'));
  if (!isRecord(parsed)) throw new Error(`expected a JSON object, got ${body.toString('utf8').slice(0, 200)}`);
  return parsed;
}
