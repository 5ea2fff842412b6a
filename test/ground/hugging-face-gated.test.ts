import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { aws } from '../../local/clients';
import { everythingKept } from './everything-kept';
import { type HubBench, openHubBench, REPOSITORY, STACK } from './hub-bench';

jest.setTimeout(240_000);

const TOKEN = 'hf_theTokenThatMayReadTheModel';
const WRONG = 'hf_aTokenThatTheHubHasNeverGiven';
const SECRET = 'hugging-face-token';

describe('a gated repository, whose token is in Secrets Manager', () => {
  let bench: HubBench;
  let secrets: SecretsManagerClient;
  let said = '';

  beforeAll(async () => {
    bench = await openHubBench({ gated: 'manual', readers: [TOKEN] });
    secrets = new SecretsManagerClient(aws(bench.ground));
    await secrets.send(new CreateSecretCommand({ Name: SECRET, SecretString: WRONG }));
  });

  afterAll(async () => {
    secrets.destroy();
    await bench.stop();
  });

  test('fails with a token that is none, with the repository, the reason and the remedy', async () => {
    const app = bench.app((await bench.hub.at(REPOSITORY)).commit, { secret: SECRET });
    const { exitCode, output } = await bench.deploy(STACK, app);
    said += output;
    expect(exitCode).toBe(1);
    expect(output).toContain(REPOSITORY);
    expect(output).toContain('the Hub does not allow it (401)');
    expect(output).toContain('the token is not valid, or may not read this repository: give another');
    expect((await bench.destroy(STACK, app)).exitCode).toBe(0);
  });

  test('is deployed with the right one, which is seen nowhere but at the Hub', async () => {
    await secrets.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString: TOKEN }));
    // a branch is looked up with the token, too
    const app = bench.app('main', { secret: SECRET });
    const { exitCode, output } = await bench.deploy(STACK, app);
    said += output;
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(bench.hub.requests.some(({ kind, authorized }) => kind === 'resolve' && authorized)).toBe(true);
    expect(bench.hub.leaks()).toEqual([]);

    const kept = await everythingKept(bench.ground, STACK, app);
    const holding = (what: string) => kept.filter(({ text }) => text.includes(what));
    const places = (what: string) => holding(what).map(({ place }) => place);
    // what may be known is found there, and so the token would be
    const known = ['assembly', 'execution', 'logs', 'object', 'template'];
    expect(places(SECRET)).toEqual(expect.arrayContaining(known));
    expect(places(REPOSITORY)).toEqual(expect.arrayContaining([...known, 'events', 'function', 'stack']));
    for (const token of [TOKEN, WRONG]) {
      const encoded = Buffer.from(token).toString('base64').replace(/=*$/, '');
      expect([...holding(token), ...holding(encoded)].map(({ place, of }) => `${place} ${of}`)).toEqual([]);
      expect(said).not.toContain(token);
    }
  });
});
