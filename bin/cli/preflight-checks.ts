import type { Account, Caller } from './account';
import { near } from './near';
import { isUnreached } from './unreached';

/** One thing that an import needs. */
export interface Answer {
  readonly about: 'region' | 'caller' | 'models' | 'jobs' | 'rights';
  /** `no`: an import would fail. `wait`: it would be in line. `unknown`: the caller may not see it. */
  readonly state: 'yes' | 'no' | 'wait' | 'unknown';
  readonly message: string;
  /** '' where nothing is to do. */
  readonly remedy: string;
}

/** The one Region where AWS imports GPT-OSS, by its user guide of 2026. */
const REGIONS = ['us-east-1'];

/** Service Quotas' codes, and AWS's defaults, for callers who may not ask. */
const MODELS = { code: 'L-45B04988', name: 'Imported models per account', usual: 3 };
const JOBS = { code: 'L-5F098EFA', name: 'Concurrent model import jobs', usual: 1 };

/** What one who imports by hand needs; in a stack, the construct gives it to the handler's role. */
const ACTIONS = [
  'bedrock:CreateModelImportJob',
  'bedrock:GetModelImportJob',
  'bedrock:ListModelImportJobs',
  'bedrock:GetImportedModel',
  'bedrock:ListImportedModels',
  'bedrock:InvokeModel',
  'cloudformation:CreateStack',
  'iam:CreateRole',
  'iam:PassRole',
  's3:PutObject',
];

const CREDENTIALS =
  'set up credentials: AWS_PROFILE or --profile, or aws sso login; aws configure list-profiles names them';

/** The name of an endpoint of AWS's own has the Region in it. */
const UNREACHED = 'no server was reached: see whether the Region is spelt right';

/**
 * Says whether an account can import, by calls that change and cost nothing.
 *
 * @param alsoSee what else to see to where no server was reached, in a clause. @default - nothing else
 */
export async function preflightAnswers(account: Account, alsoSee?: string): Promise<readonly Answer[]> {
  const caller = await asked('caller', () => account.caller());
  const who: Answer = isAnswer(caller)
    ? { ...caller, state: 'no', remedy: caller.remedy === UNREACHED ? UNREACHED : CREDENTIALS }
    : yes('caller', `${caller.arn}, account ${caller.account}`);
  const others = isAnswer(caller) ? [] : [models(account), jobs(account), rights(account, caller)];
  const unreached = [UNREACHED, alsoSee, 'then the network'].filter((each) => each !== undefined).join(', ');
  return [region(account), who, ...(await Promise.all(others))].map((answer) =>
    answer.remedy === UNREACHED ? { ...answer, remedy: unreached } : answer,
  );
}

function region({ region }: Account): Answer {
  if (REGIONS.includes(region)) return yes('region', `${region} imports GPT-OSS`);
  const meant = near(region, REGIONS);
  const remedy = `use --region ${REGIONS.join(' or ')}${meant ? `, which was probably meant` : ''}`;
  return { about: 'region', state: 'no', message: `AWS does not import GPT-OSS in ${region}`, remedy };
}

async function models(account: Account): Promise<Answer> {
  const held = await asked('models', () => account.models());
  if (isAnswer(held)) return held;
  const { most, said } = await quota(account, MODELS);
  const message = `${held.length} of ${said} imported models${held.length > 0 ? `: ${held.join(', ')}` : ''}`;
  if (held.length < most) return yes('models', message);
  const more = `ask for more of "${MODELS.name}" (${MODELS.code}) in Service Quotas`;
  const remedy =
    held.length === 0 ? more : `delete a model that nobody uses, or ${more}; a new version needs a free one, too`;
  return { about: 'models', state: 'no', message, remedy };
}

async function jobs(account: Account): Promise<Answer> {
  const running = await asked('jobs', () => account.runningJobs());
  if (isAnswer(running)) return running;
  const { most, said } = await quota(account, JOBS);
  const message = `${running.length} of ${said} import jobs running${running.length > 0 ? `: ${running.join(', ')}` : ''}`;
  if (running.length < most) return yes('jobs', message);
  if (most === 0) {
    const remedy = `ask for "${JOBS.name}" (${JOBS.code}) in Service Quotas`;
    return { about: 'jobs', state: 'no', message, remedy };
  }
  return { about: 'jobs', state: 'wait', message, remedy: 'nothing: a deployment waits in line for its turn' };
}

async function rights(account: Account, caller: Caller): Promise<Answer> {
  const denied = await asked('rights', () => account.denied(caller, ACTIONS));
  if (isAnswer(denied)) return { ...denied, remedy: 'nothing, if you deploy by roles that have the rights' };
  if (denied.length === 0) return yes('rights', "IAM's simulator denies the caller nothing that an import needs");
  const message = `IAM's simulator denies the caller: ${denied.join(', ')}`;
  const remedy = "nothing, if CDK's own roles deploy; else add them to the caller's policies, or ask your organization";
  return { about: 'rights', state: 'unknown', message, remedy };
}

async function quota(account: Account, { code, usual }: { readonly code: string; readonly usual: number }) {
  const value = await account.quota(code).catch(() => undefined);
  return value === undefined ? { most: usual, said: `${usual} (AWS's default)` } : { most: value, said: `${value}` };
}

/** What a call answers, or that it could not be asked. */
async function asked<T>(about: Answer['about'], call: () => Promise<T>): Promise<T | Answer> {
  try {
    return await call();
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return {
      about,
      state: 'unknown',
      message: `could not be asked (${why})`,
      remedy: isUnreached(error) ? UNREACHED : 'let the caller see it',
    };
  }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'about' in value;
}

function yes(about: Answer['about'], message: string): Answer {
  return { about, state: 'yes', message, remedy: '' };
}
