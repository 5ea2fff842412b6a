import type { Account } from '../../../bin/cli/account';
import { fakeAccount, ran } from './ground';

const preflight = (account: Partial<Account>, ...flags: string[]) =>
  ran(['preflight', ...flags], { outside: { account: () => Promise.resolve(fakeAccount(account)) } });

const refused = () => Promise.reject(Object.assign(new Error('not you'), { name: 'AccessDeniedException' }));

describe('preflight', () => {
  test('says yes to an empty account in the right Region', async () => {
    const { code, stdout } = await preflight({ quota: (code) => Promise.resolve(code === 'L-45B04988' ? 3 : 1) });
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'yes     region: us-east-1 imports GPT-OSS',
        'yes     caller: arn:aws:iam::111122223333:user/me, account 111122223333',
        'yes     models: 0 of 3 imported models',
        'yes     jobs: 0 of 1 import jobs running',
        "yes     rights: IAM's simulator denies the caller nothing that an import needs",
        '',
      ].join('\n'),
    );
  });

  test('fails in a Region that does not import GPT-OSS', async () => {
    const { code, stdout } = await preflight({ region: 'eu-central-1' });
    expect(code).toBe(1);
    expect(stdout).toContain(
      'no      region: AWS does not import GPT-OSS in eu-central-1. Remedy: use --region us-east-1\n',
    );
  });

  test('fails in a Region that there is not, and blames the Region', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND sts.us-eats-1.amazonaws.com'), {
      code: 'ENOTFOUND',
    });
    const { code, stdout } = await preflight({ region: 'us-eats-1', caller: () => Promise.reject(unknown) });
    expect(code).toBe(1);
    expect(stdout).toContain('Remedy: use --region us-east-1, which was probably meant\n');
    expect(stdout).toMatch(
      /no {6}caller: .*ENOTFOUND.* reached: see whether the Region is spelt right, then the network\n/,
    );
    expect(stdout).not.toContain('credentials');
  });

  test('fails where nobody listens, and blames no credentials', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4566'), { code: 'ECONNREFUSED' });
    const env = { AWS_ENDPOINT_URL: 'http://localhost:4566', AWS_ENDPOINT_URL_S3: 'http://localhost:9000' };
    const account = fakeAccount({ caller: () => Promise.reject(refused) });
    const { code, stdout } = await ran(['preflight'], { env, outside: { account: () => Promise.resolve(account) } });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /no {6}caller: .*: see whether the Region is spelt right, whether AWS_ENDPOINT_URL=http:\/\/localhost:4566 is right and answers, then the network\n/,
    );
    expect(stdout).not.toContain('credentials');
  });

  test('fails where the quota is used up, and names the models that hold it', async () => {
    const { code, stdout } = await preflight({ models: () => Promise.resolve(['a', 'b', 'c']) });
    expect(code).toBe(1);
    expect(stdout).toContain("no      models: 3 of 3 (AWS's default) imported models: a, b, c. Remedy: delete a model");
    expect(stdout).toContain('L-45B04988');
  });

  test('fails where the quota is zero', async () => {
    const { code, stdout } = await preflight({ quota: () => Promise.resolve(0) });
    expect(code).toBe(1);
    expect(stdout).toMatch(/no {6}models: 0 of 0 imported models\. Remedy: ask for more/);
    expect(stdout).toMatch(/no {6}jobs: 0 of 0 import jobs running\. Remedy: ask for/);
  });

  test('only tells to wait where another import runs', async () => {
    const { code, stdout } = await preflight({ runningJobs: () => Promise.resolve(['med-1']) });
    expect(code).toBe(0);
    expect(stdout).toContain("wait    jobs: 1 of 1 (AWS's default) import jobs running: med-1");
  });

  test('names rights that the simulator denies, which is no failure: other roles may deploy', async () => {
    const { code, stdout } = await preflight({ denied: () => Promise.resolve(['iam:PassRole']) });
    expect(code).toBe(0);
    expect(stdout).toContain("unknown rights: IAM's simulator denies the caller: iam:PassRole");
  });

  test('says what it may not see, and goes on', async () => {
    const { code, stdout } = await preflight({
      models: refused,
      runningJobs: refused,
      denied: refused,
      quota: refused,
    });
    expect(code).toBe(0);
    expect(stdout.match(/^unknown \w+: could not be asked \(AccessDeniedException: not you\)/gm)).toHaveLength(3);
  });

  test('fails without credentials, and asks no further', async () => {
    const { code, stdout } = await preflight({ caller: refused, models: () => Promise.reject(new Error('asked')) });
    expect(code).toBe(1);
    expect(stdout).toContain('no      caller: could not be asked');
    expect(stdout).not.toContain('asked)');
  });

  test('tells in its help what each exit code stands for, so that a pipeline can rely on it', async () => {
    const text = (await ran(['preflight', '--help'])).stdout.replaceAll(/\s+/g, ' ');
    expect(text).toContain("0 no answer is 'no': an import could begin now, or after a wait;");
    expect(text).toContain("what could not be asked is 'unknown', and counts as no obstacle");
    expect(text).toContain("1 an answer is 'no': an import would fail,");
  });

  test('prints the answers as JSON', async () => {
    const { stdout } = await preflight({}, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      canImport: true,
      answers: [{ about: 'region', state: 'yes', remedy: '' }, {}, {}, {}, {}],
    });
  });
});
