/**
 * Every point where AWS says nothing, or where a test wants another world, by name. The defaults are the reading that
 * the documents support best or, where they support none, the one that catches more mistakes; times are short enough
 * for a demo.
 */
const table = {
  /** Seconds from a job's creation to its end. AWS: 10 to 15 minutes for 20B; 120B was never published. */
  importSeconds: seconds(8),
  /**
   * Seconds from a role's creation during which it is refused with `The provided role ARN is invalid`. AWS: up to
   * several minutes, until the trust policy has spread.
   */
  roleDelaySeconds: seconds(3),
  /** Import jobs that may run at once in the account and Region. AWS's quota L-5F098EFA, not adjustable. */
  maxConcurrentJobs: count(1),
  /** Imported models in the account and Region, running imports included. AWS's quota L-45B04988, adjustable. */
  maxModels: count(3),
  /**
   * A second creation with the token and the content of the first. The API's text: "ignores the request, but does not
   * return an error", without saying what it returns; `conflict` is what some of AWS's services do.
   */
  repeatedToken: choice('same-arn', ['conflict']),
  /** A second creation with the token of the first and other content. Nothing is published. */
  reusedToken: choice('conflict', ['same-arn', 'refused']),
  /** Seconds for which a token is remembered. Nothing is published; a day is common among AWS's services. */
  tokenSeconds: seconds(86_400),
  /** A job name that was ever used: `conflict` is ConflictException, `refused` ValidationException; AWS's choice is unknown. */
  duplicateJobName: choice('conflict', ['refused']),
  /**
   * The name of a model that exists or is being imported: refused at creation with either exception, at the job's end
   * by its failure, or never. Get and Delete take the bare name, so AWS can hardly allow it; which way is unknown.
   */
  duplicateModelName: choice('conflict', ['refused', 'job-fails', 'allowed']),
  /** Seconds after a job's creation before Get and List know it. Nothing is published. */
  jobVisibleDelaySeconds: seconds(0),
  /** Seconds after a job is Completed before Get and List know its model. Nothing is published. */
  modelVisibleDelaySeconds: seconds(0),
  /** Seconds after Delete during which Get, List and the quota still see the model. Nothing is published. */
  deleteSeconds: seconds(0),
  /** Delete by the name of a model that is still being imported. Conflict is declared; when it comes is not said. */
  deleteWhileImporting: choice('not-found', ['conflict']),
  /** Delete of a model that was invoked within `inUseSeconds`, so that a copy of it may be loaded. Nothing is published. */
  deleteWhileInUse: choice('deleted', ['conflict']),
  /** Seconds for which a model stays loaded. AWS: five minutes without an invocation. */
  inUseSeconds: seconds(300),
  /**
   * Seconds that a model takes to load after the first call and after idling. Reported: one to two minutes for 8B; nothing is
   * published for GPT-OSS.
   */
  loadSeconds: seconds(3),
  /**
   * A call to a model that is not loaded. AWS: "your request is served within 5 minutes or you might get
   * ModelNotReadyException"; which of the two, and when, is not said.
   */
  coldCall: choice('refused', ['held']),
  /** Milliseconds between two tokens of the emulator's own answers. */
  tokenMilliseconds: count(10),
  /** How the emulator's own answers end, but for those that end with tool calls or at the limit of tokens. */
  answerEnds: choice('stopped', ['filtered']),
  /** Which of the tools the emulator calls when it may choose. */
  toolsCalled: choice('first', ['every']),
  /** Where an imported model's reasoning is: in a field, in the text between tags, or there as the model writes it. AWS's sample: the first. */
  importedReasoning: choice('reasoning_content', ['reasoning', 'tags', 'harmony']),
  /** The objects in a stream of InvokeModelWithResponseStream. Nothing is published; AWS's sample of a whole answer looks like vLLM's. */
  streamShape: choice('vllm', ['openai', 'text-completion', 'generation', 'final-object']),
  /** Where `amazon-bedrock-invocationMetrics` is, which ends the stream of other models. Nothing is published for imported ones. */
  streamMetrics: choice('own-frame', ['in-chunk', 'none']),
  /** What a frame holds: an object, a part of one (characters are cut in two), two of them, or lines of server-sent events. */
  streamFrames: choice('object', ['part', 'two-objects', 'events']),
  /**
   * When the job reads role and prefix. With `start`, what is not there at creation is missed, even if it arrives
   * later; with `end`, what is gone by the end is missed. AWS reads somewhere between.
   */
  weightsReadAt: choice('start', ['end']),
  /** A bucket in another Region. AWS's walkthrough asks for one in the same; no rule is published. */
  crossRegionBucket: choice('job-fails', ['refused', 'accepted']),
  /** One `model.safetensors` and no index, as transformers writes a 20B in BF16. Nothing is published. */
  singleFileWithoutIndex: choice('accepted', ['refused']),
  /** Folders below the prefix, such as `original/` and `metal/`. AWS says to leave metal/ out, not what happens otherwise. */
  subfolders: choice('ignored', ['refused']),
  /** MXFP4 weights (blocks and scales of U8). No AWS text requires or forbids them. */
  mxfp4: choice('accepted', ['refused']),
  /** A `tokenizer_class` that is not in AWS's list, such as transformers 5's TokenizersBackend. */
  unlistedTokenizer: choice('refused', ['accepted']),
  /** Limit for the bytes of a text model's weights. AWS: "200GB", not saying whether 10^9 or 2^30; the lower one. */
  maxWeightsBytes: count(200_000_000_000),
  /** Where GPT-OSS can be imported, comma-separated. AWS: us-east-1 only, "initially". */
  gptOssRegions: text('us-east-1'),
  /** Whether GetImportedModel answers with architecture, instruct support and custom model units: all are optional. */
  modelDetails: choice('answered', ['missing']),
  /** `customModelUnitsPerModelCopy`. AWS publishes no number for GPT-OSS (Llama 8B has 2). */
  customModelUnits: count(2),
  /** `customModelUnitsVersion`. Third parties read v2.0 for the OpenAI family. */
  customModelUnitsVersion: text('v2.0'),
  /** Most items in one answer of a List, whatever `maxResults` asks for, and its default. Nothing is published. */
  pageSize: count(100),
} as const;

interface Setting<T> {
  readonly initial: T;
  /** What is wrong with a value, or undefined. */
  readonly problem: (value: unknown) => string | undefined;
}

/** The switches' names and values. See the comments in this file for each one's meaning and default. */
export type Switches = {
  -readonly [K in keyof typeof table]: (typeof table)[K] extends Setting<infer T> ? T : never;
};

export function defaultSwitches(): Switches {
  return Object.fromEntries(Object.entries(table).map(([name, { initial }]) => [name, initial])) as Switches;
}

/** Typed switches from JSON. Throws an Error that names the switch, the value and what it may be. */
export function parseSwitches(input: object): Partial<Switches> {
  for (const [name, value] of Object.entries(input)) {
    if (!isSwitch(name)) throw new Error(`no switch '${name}'; there are ${Object.keys(table).join(', ')}`);
    const problem = table[name].problem(value);
    if (problem) throw new Error(`switch '${name}' must be ${problem}, got ${JSON.stringify(value)}`);
  }
  return input;
}

function isSwitch(name: string): name is keyof typeof table {
  return Object.hasOwn(table, name);
}

function seconds(initial: number): Setting<number> {
  const problem = 'a number of seconds, zero or more';
  return { initial, problem: (value) => (typeof value === 'number' && value >= 0 ? undefined : problem) };
}

function count(initial: number): Setting<number> {
  const problem = 'a whole number, zero or more';
  return { initial, problem: (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : problem) };
}

function text(initial: string): Setting<string> {
  return { initial, problem: (value) => (typeof value === 'string' ? undefined : 'a text') };
}

function choice<const A extends string, const B extends string>(initial: A, others: readonly B[]): Setting<A | B> {
  const all: readonly string[] = [initial, ...others];
  return {
    initial,
    problem: (value) => (typeof value === 'string' && all.includes(value) ? undefined : `one of ${all.join(', ')}`),
  };
}
