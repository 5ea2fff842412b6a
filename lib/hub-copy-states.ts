/** A Lambda that dies or times out is asked again from where the state stands; one that has no room, for an hour. */
const AGAIN = [
  {
    ErrorEquals: ['Lambda.TooManyRequestsException'],
    IntervalSeconds: 5,
    MaxDelaySeconds: 60,
    MaxAttempts: 60,
    BackoffRate: 2,
    JitterStrategy: 'FULL',
  },
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 4, BackoffRate: 2 },
];

/** No copy of a model takes this long; a stuck execution must not be found running for ever. */
const A_DAY = 24 * 3600;

/**
 * The state machine, which any model of these sizes passes through: plan, one item of the Map for each file, finish.
 * Answers decide, never the names of errors.
 */
export function copyStates(functionArn: string, concurrency: number): object {
  return {
    Comment: 'Copies one commit of a Hugging Face repository into S3',
    TimeoutSeconds: A_DAY,
    StartAt: 'Plan',
    States: {
      Plan: {
        ...task(functionArn, { step: 'plan', 'copy.$': '$.copy' }),
        ResultPath: '$.plan',
        Next: 'Is there a plan',
      },
      'Is there a plan': failedElse('$.plan.state', 'Not a model', 'Copy files'),
      'Not a model': { Type: 'Fail', Error: 'NotCopied', CausePath: '$.plan.why' },
      'Copy files': {
        Type: 'Map',
        ItemsPath: '$.plan.items',
        MaxConcurrency: concurrency,
        ItemSelector: { step: 'copy', 'copy.$': '$.copy', 'item.$': '$$.Map.Item.Value' },
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'Copy a file', States: fileStates(functionArn) },
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Give up' }],
        // in place of the plan: both together would be more than a state may hold
        ResultPath: '$.plan',
        Next: 'Finish',
      },
      Finish: {
        ...task(functionArn, { step: 'finish', 'copy.$': '$.copy', 'copied.$': '$.plan' }),
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Give up' }],
        ResultPath: '$.finish',
        Next: 'Is it whole',
      },
      'Is it whole': failedElse('$.finish.state', 'Not copied', 'Copied'),
      'Not copied': { Type: 'Fail', Error: 'NotCopied', CausePath: '$.finish.why' },
      Copied: { Type: 'Succeed' },
      'Give up': {
        ...task(functionArn, { step: 'giveUp', 'copy.$': '$.copy' }),
        ResultPath: '$.given',
        Next: 'Broken off',
      },
      'Broken off': { Type: 'Fail', Error: 'BrokenOff', CausePath: '$.error.Cause' },
    },
  };
}

function fileStates(functionArn: string): object {
  return {
    'Copy a file': {
      ...task(functionArn),
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'File breaks off' }],
      Next: 'Is there more',
    },
    'Is there more': {
      Type: 'Choice',
      Choices: [{ Variable: '$.state', StringEquals: 'more', Next: 'Wait' }],
      Default: 'File ends',
    },
    Wait: { Type: 'Wait', SecondsPath: '$.wait', Next: 'Copy a file' },
    'File breaks off': {
      Type: 'Pass',
      // not its cause, which is a stack trace: a state holds the answers of all files
      Parameters: { state: 'failed', 'name.$': '$.item.file.name', 'why.$': '$.error.Error' },
      Next: 'File ends',
    },
    'File ends': { Type: 'Pass', End: true },
  };
}

function task(functionArn: string, parameters?: object): object {
  return { Type: 'Task', Resource: functionArn, ...(parameters && { Parameters: parameters }), Retry: AGAIN };
}

function failedElse(variable: string, failed: string, otherwise: string): object {
  return {
    Type: 'Choice',
    Choices: [{ Variable: variable, StringEquals: 'failed', Next: failed }],
    Default: otherwise,
  };
}
