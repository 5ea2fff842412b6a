import { figure, type Figure } from '../weights/statistics';
import { fakeClient } from './fake-client';
import { bare, overFetch, overOpenAi, rewritten, type Way } from './ways';

/** What each way takes, in the order of `WAYS`. */
interface Added {
  readonly what: string;
  readonly unit: 'request' | 'chunk';
  readonly ways: readonly Taken[];
}

/** Milliseconds for one request or chunk. */
interface Taken {
  readonly wall: Figure;
  /** Of the whole process, all its threads; none where most of the time is waited. */
  readonly cpu?: Figure;
}

const WAYS = [bare, rewritten, overFetch, overOpenAi];

const LENGTHS = [50, 500];
const CROWDS = [1, 64];

/** Runs before the first that counts: until then the machine code of the hot paths is not there yet. */
const WARM_UP = 30;
/** Of each, in turn with the others, so that what else the machine does meets all of them alike. */
const ROUNDS = { requests: 300, pieces: 20_000, paced: 1000 };

/** Milliseconds between two tokens of a model that is in a hurry. */
const TOKEN = 20;

/** Run by itself: prints what it found, as JSON. */
async function main(): Promise<void> {
  const added: Added[] = [];
  for (const crowd of CROWDS) added.push(await wholeAnswers(crowd));
  for (const tokens of LENGTHS) for (const crowd of CROWDS) added.push(await unpaced(tokens, crowd));
  for (const tokens of LENGTHS) for (const crowd of CROWDS) added.push(await paced(tokens, crowd));
  console.log(JSON.stringify(added));
}

function wholeAnswers(crowd: number): Promise<Added> {
  const rounds = Math.ceil(ROUNDS.requests / crowd);
  const what = `a whole answer, ${crowd} at once`;
  return inTurn(what, 'request', rounds, (way) => timed(crowd, crowd, () => way.once()));
}

function unpaced(tokens: number, crowd: number): Promise<Added> {
  const rounds = Math.max(3, Math.ceil(ROUNDS.pieces / (tokens * crowd)));
  return inTurn(`${streams(crowd)} of ${tokens} chunks, unpaced`, 'chunk', rounds, (way) =>
    timed(crowd, crowd * tokens, () => way.stream(tokens, nothing)),
  );
}

/** A round of each way, again and again. */
async function inTurn(
  what: string,
  unit: Added['unit'],
  rounds: number,
  round: (way: Way) => Promise<Round>,
): Promise<Added> {
  const ways = WAYS.map((make) => ({ way: make(fakeClient({ interval: 0 })), times: new Array<Round>() }));
  for (const { way } of ways) for (let run = 0; run < WARM_UP; run++) await way.once();
  for (const { way } of ways) await way.stream(500, nothing);
  for (let run = 0; run < rounds; run++) {
    for (const { way, times } of ways) times.push(await round(way));
  }
  const taken = ({ times }: { times: Round[] }) => ({
    wall: figure(times.map(({ wall }) => wall)),
    cpu: figure(times.map(({ cpu }) => cpu)),
  });
  return { what, unit, ways: ways.map(taken) };
}

/** From the moment that a frame is handed to the SDK to the moment that its piece is read. */
async function paced(tokens: number, crowd: number): Promise<Added> {
  const ways = WAYS.map((make) => ({ make, times: new Array<number>() }));
  for (let run = 0; run < ROUNDS.paced / tokens; run++) {
    for (const { make, times } of ways) {
      const streams = await Promise.all(Array.from({ length: crowd }, () => delays(make, tokens)));
      times.push(...streams.flat());
    }
  }
  const taken = ways.map(({ times }) => ({ wall: figure(times) }));
  return { what: `${streams(crowd)} of ${tokens} chunks, one in ${TOKEN} ms`, unit: 'chunk', ways: taken };
}

/** Delays of the pieces between a stream's first and its last ones, which have no text and are counted differently. */
async function delays(make: (typeof WAYS)[number], tokens: number): Promise<number[]> {
  const sent: number[] = [];
  const read: number[] = [];
  const client = fakeClient({ interval: TOKEN, onFrame: () => sent.push(performance.now()) });
  await make(client).stream(tokens, () => read.push(performance.now()));
  return Array.from({ length: tokens - 1 }, (_, place) => (read[place + 1] ?? NaN) - (sent[place + 1] ?? NaN));
}

interface Round {
  readonly wall: number;
  readonly cpu: number;
}

/** Milliseconds for each of the pieces that so many runs at once have in all. */
async function timed(crowd: number, pieces: number, run: () => Promise<void>): Promise<Round> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await Promise.all(Array.from({ length: crowd }, run));
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / pieces, cpu: (user + system) / 1000 / pieces };
}

function streams(count: number): string {
  return count === 1 ? 'one stream' : `${count} streams`;
}

const nothing = () => undefined;

void main();
