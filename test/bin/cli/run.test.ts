import { COMMANDS } from '../../../bin/cli/commands';
import { near } from '../../../bin/cli/near';
import { shellLine } from '../../../bin/cli/shell-line';
import { version } from '../../../package.json';
import { HubError } from '../../../weights/hub';
import { fakeHub } from '../../weights/hub/fake-hub';
import { ran } from './ground';

describe('help', () => {
  test('lists every command without being asked', async () => {
    const { code, stdout, stderr } = await ran([]);
    expect(code).toBe(0);
    for (const { name, summary } of COMMANDS)
      expect(stdout).toMatch(new RegExp(`^  ${name} +${summary.slice(0, 20)}`, 'm'));
    expect(stderr).toBe('');
  });

  test.each(COMMANDS.map((command) => [command.name, command] as const))(
    'of %s has its use, its flags, an example and its exit codes',
    async (name, command) => {
      const { code, stdout } = await ran([name, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`bedrock-gpt-oss ${[name, ...command.operands].join(' ')}`);
      for (const flag of [...Object.keys(command.switches), ...Object.keys(command.options)]) {
        expect(stdout).toContain(`  --${flag} `);
      }
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) expect(stdout).toContain(example.command);
      expect(stdout).toMatch(/^ {2}0 .*\n(.*\n)* {2}1 .*\n(.*\n)* {2}2 /m);
    },
  );

  test.each(COMMANDS.map(({ name, examples }) => [name, examples] as const))(
    'of %s shows no example that the command would refuse',
    async (_, examples) => {
      for (const { command } of examples) {
        const [, ...argv] = command.replace(/ \|.*/, '').split(' ');
        const { stderr } = await ran(argv);
        expect(stderr).not.toMatch(/has no flag|needs|has no use for|has no value|takes no value/);
      }
    },
  );

  test('is had in three ways', async () => {
    const texts = await Promise.all([ran(['check', '--help']), ran(['check', 'x', '-hh']), ran(['help', 'check'])]);
    expect(new Set(texts.map(({ stdout }) => stdout)).size).toBe(1);
  });

  test('has lines that fit most terminals', async () => {
    for (const { name } of COMMANDS) {
      const { stdout } = await ran([name, '--help']);
      const prose = stdout.split('\n').filter((line) => !line.includes('bedrock-gpt-oss'));
      expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(104);
    }
  });

  test('says the release', async () => {
    expect(await ran(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('wrong use', () => {
  test.each([
    [['chek', 'x'], "there is no command 'chek'; did you mean 'check'?"],
    [['frobnicate'], "there is no command 'frobnicate'\n"],
    [['check', 'x', '--jsno'], "check has no flag '--jsno'; did you mean '--json'?"],
    [['repair', 'x', '--dryrun'], "repair has no flag '--dryrun'; did you mean '--dry-run'?"],
    [['upload', 'x', '--xyzzy'], "upload has no flag '--xyzzy'\n"],
    [['upload', 'x', '-q'], "upload has no flag '-q'; an operand that begins with '-' goes behind '--'\n"],
    [['upload', '-dir', 's3://weights/'], "upload has no flag '-dir'; an operand that begins"],
    [['upload', 'x', '-json'], "upload has no flag '-json'; did you mean '--json'?; an operand that begins"],
    [['chat', 'm', '-5 + 3 = ?'], "chat has no flag '-5 + 3 = ?'; an operand that begins with '-' goes behind '--'\n"],
    [['chat', 'm', '-how are you?'], "chat has no flag '-how are you?'; an operand"],
    [['check', 'x', '--xyzzy=5'], "check has no flag '--xyzzy'\n"],
    [['check', 'x', '-h=x'], "-h takes no value, got 'x'\n"],
    [['check', 'x', '--help=x'], "--help takes no value, got 'x'\n"],
    [['chat', 'm', '--system', '-be short'], "is meant as it, write '--system=-be short'\n"],
    [['check'], 'check needs <folder, s3://bucket/prefix/ or hf://owner/name>'],
    [['check', 'a', 'b'], "check has no use for 'b'"],
    [['check', 'x', '--json=yes'], "--json takes no value, got 'yes'"],
    [['upload', 'x', '--lock'], '--lock has no value\n'],
    [['upload', 'x', '--lock', '--prune'], "--lock has no value; if '--prune' is meant as it, write --lock=--prune"],
    [['upload', 'x', '--lock', '--constructor'], '--lock has no value'],
    [['check', 'x', '--constructor'], "check has no flag '--constructor'"],
    [['chat', 'model', '--max-tokens', '-4'], "--max-tokens is a number above 0, got '-4'"],
    [['chat', 'model', '--max-tokens=-4'], "--max-tokens is a number above 0, got '-4'"],
    [['chat', 'model', '--temperature', '-.5'], "--temperature is a number from 0 to 2, got '-.5'"],
    [
      ['upload', 'x', 's3://weights/v1/', '--bucket-owner', '-1'],
      "--bucket-owner is an account of 12 digits, got '-1'",
    ],
    [['upload', __dirname, 's3://weights/v1/', '--lock='], '--lock has no value'],
    [['check', '/nowhere/at/all'], "there is no folder '/nowhere/at/all'"],
    [['check', __filename], 'is not a folder'],
    [['check', 'ftp://host/x'], "'ftp://host/x' is not an address that this command knows"],
    [['check', 'https://huggingface.co/acme/tiny/tree/v1'], 'on Hugging Face it would be hf://acme/tiny@v1'],
    [['check', 'https://huggingface.co/datasets/squad'], 'is not an address that this command knows\n'],
    [['check', 'acme/tiny'], "there is no folder 'acme/tiny'; on Hugging Face it would be hf://acme/tiny"],
    [['check', 'https://huggingface.co/acme/tiny/blob/refs%2Fpr%2F1/config.json'], 'be hf://acme/tiny@refs/pr/1\n'],
    [['check', 'https://huggingface.co/acme/tiny.git'], 'on Hugging Face it would be hf://acme/tiny\n'],
    [['check', 'https://huggingface.co/acme/tiny/?library=x#top'], 'on Hugging Face it would be hf://acme/tiny\n'],
    [['check', 'https://elsewhere.example/acme/tiny'], 'is not an address that this command knows\n'],
    [['check', 'huggingface.co/acme/tiny/tree/v1'], 'on Hugging Face it would be hf://acme/tiny@v1\n'],
    [['check', 'acme/tiny@v1'], 'on Hugging Face it would be hf://acme/tiny@v1\n'],
    [['upload', 'https://hf.co/acme/tiny', 's3://weights/'], 'on Hugging Face it would be hf://acme/tiny\n'],
    [['check', 'HF://acme/tiny'], 'on Hugging Face it would be hf://acme/tiny\n'],
    [['check', 'hf:acme/tiny'], 'on Hugging Face it would be hf://acme/tiny\n'],
    [['check', 'hf://acme/tiny@6cee5e8'], 'it has 7 hexadecimal digits, and a commit has 40; give all of them\n'],
    [['check', `hf://acme/tiny@${'a1'.repeat(20)}0`], 'it has 41 hexadecimal digits, and a commit has 40'],
    [['check', 'hf://acme/tiny@a b'], 'names no revision: it has a space or a line break in it'],
    [['check', 'hf://openai'], "'hf://openai' names no model repository: it takes an owner and a name, as in hf://"],
    [['check', 'hf://tiny@v1'], "'hf://tiny@v1' names no model repository: it takes an owner and a name"],
    [['check', 'hf://'], "'hf://' names no model repository: it takes an owner and a name"],
    [['check', 'hf://datasets/acme/tiny'], "it is in 'datasets/'; only a model's repository has weights"],
    [['check', 'hf://https://huggingface.co/acme/tiny'], 'names no model repository; write hf://acme/tiny\n'],
    [['check', 'hf://acme/tiny/tree/main'], 'names no model repository; write hf://acme/tiny@main\n'],
    [['check', 'hf://acme/tiny/blob/v1/config.json'], 'names no model repository; write hf://acme/tiny@v1\n'],
    [['check', 'acme/tiny/tree/refs%2Fpr%2F1'], 'on Hugging Face it would be hf://acme/tiny@refs/pr/1\n'],
    [['check', 'acme/tiny/resolve/v1/config.json'], 'on Hugging Face it would be hf://acme/tiny@v1\n'],
    [['check', 'https://huggingface.co/acme/tiny/commit/v1'], 'on Hugging Face it would be hf://acme/tiny@v1\n'],
    [['check', 'huggingface.co/acme'], "there is no folder 'huggingface.co/acme'\n"],
    [['check', 'my/models/tiny'], "there is no folder 'my/models/tiny'\n"],
    [['check', 'hf://acme/tiny@'], 'names no revision: it is empty'],
    [
      ['check', 'hf://acme/tiny', '--region', 'us-east-1'],
      "--region is for S3, and 'hf://acme/tiny' is on Hugging Face",
    ],
    [['download', 'hf://acme/tiny', 'x', '--profile', 'me'], '--profile is for S3'],
    [['download', 'hf://acme/tiny', 'x', '--lock', 'l.json'], '--lock is for S3'],
    [['download', 'hf://acme/tiny', 'x', '--quiet', '--json'], '--quiet and --json exclude each other'],
    [['download', 'hf://acme/tiny'], 'download needs <folder>'],
    [['download', 'https://hf.co/acme/tiny', 'x'], 'on Hugging Face it would be hf://acme/tiny'],
    [['download', 's3://weights/v1/', 's3://prod/v1/'], "'s3://prod/v1/' is not a folder on this machine"],
    [
      ['download', 's3://weights/v1/', __filename],
      'cannot be a folder, for a file lies there or above it; name another',
    ],
    [
      ['download', 'hf://acme/tiny', `${__filename}/model`],
      "/model' cannot be a folder, for a file lies there or above",
    ],
    [['download', './model', 'x'], "'./model' is not an address that this command knows"],
    [['upload', 'hf://acme/tiny', 's3://weights/v1/'], 'lies on Hugging Face; this command takes a folder'],
    [['repair', 's3://weights/v1/'], 'lies in S3; this command takes a folder on this machine: download it first'],
    [['check', 's3://'], "'s3://' names no bucket: a bucket's name has 3 to 63 small letters"],
    [['check', 's3://x/'], "'s3://x/' names no bucket: a bucket's name has 3 to 63 small letters"],
    [['check', 's3://weights/a//b/'], 'has an empty part'],
    [['upload', __dirname], 'say where: s3://bucket/prefix/ or --stack NAME'],
    [['upload', __dirname, 's3://weights/v1/', '--stack', 'S'], 'both say where'],
    [['upload', __dirname, 's3://weights/v1/', '--model', 'M'], '--model is for --stack'],
    [['upload', __dirname, 's3://weights/a+b/'], 'has characters that Bedrock'],
    [['upload', __dirname, 'weights/v1'], 'an address in S3 begins with s3://'],
    [['upload', __dirname, 's3://weights/v1/', '--quiet', '--json'], '--quiet and --json exclude each other'],
    [['upload', __dirname, 's3://weights/v1/', '--source', 'a@b@c'], 'names no model repository: it has no owner'],
    [['upload', __dirname, 's3://weights/v1/', '--source', 'my weights'], '--source is owner/name or owner/name@rev'],
    [
      ['upload', __dirname, 's3://weights/v1/', '--source', 'acme/tiny@'],
      '"hf://acme/tiny@" names no revision: it is empty\n',
    ],
    [['upload', __dirname, 's3://weights/v1/', '--source', 'acme/tiny@6cee5e8'], 'a commit has 40; give all of them'],
    [
      ['upload', __dirname, 's3://weights/v1/', '--source', 'https://hf.co/acme/tiny'],
      "it is a URL; write 'acme/tiny'",
    ],
    [['upload', __dirname, 's3://weights/v1/', '--bucket-owner', 'me'], '--bucket-owner is an account of 12 digits'],
    [['upload', __dirname, 's3://weights/v1/', '--lock', __filename], 'cannot be used: it is not JSON'],
    [['verify', 's3://weights/v1/', '--lock', '/nowhere/lock.json'], "there is no lock file '/nowhere/lock.json'"],
  ])('%j fails with what would be right', async (argv, message) => {
    const { code, stdout, stderr } = await ran(argv);
    expect(`${code} ${stderr}`).toContain('2 error: ');
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/See 'bedrock-gpt-oss( \w+)? --help'\.\n$/);
    expect(stdout).toBe('');
  });

  test('a word behind -- is an operand, whatever it looks like', async () => {
    const { stderr } = await ran(['check', '--', '--help']);
    expect(stderr).toContain("there is no folder '--help'");
  });
});

describe('failures', () => {
  const failing = (error: Error) =>
    ran(['check', 's3://weights/v1/'], { outside: { s3Folder: () => Promise.reject(error) } });

  test('of AWS are said in a line, and no reason to read the help', async () => {
    expect(await failing(new Error('no such thing'))).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: no such thing\n',
    });
  });

  test('for want of credentials name the profile that was asked for', async () => {
    const none = Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
    const outside = { s3Folder: () => Promise.reject(none) };
    const check = ['check', 's3://weights/v1/'];
    expect((await ran(check, { outside })).stderr).toContain('(set AWS_PROFILE or give --profile;');
    const texts = await Promise.all([
      ran([...check, '--profile', 'prd'], { outside }),
      ran(check, { outside, env: { AWS_PROFILE: 'prd' } }),
    ]);
    for (const { stderr } of texts) expect(stderr).toContain('there is no profile prd, or none that has valid');
  });

  describe('to reach an endpoint that the environment names', () => {
    const env = { AWS_ENDPOINT_URL: 'http://localhost:4566', AWS_ENDPOINT_URL_S3: '' };
    // as Node says it of a host with two addresses
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    const checking = (list: Error, circumstances = {}) => {
      const folder = { address: 's3://weights/v1/', list: () => Promise.reject(list), readText: no, readBytes: no };
      return ran(['check', 's3://weights/v1/'], {
        env,
        outside: { s3Folder: () => Promise.resolve(folder) },
        ...circumstances,
      });
    };
    const no = () => Promise.reject(new Error('nothing is read'));

    test('name it', async () => {
      expect((await checking(refused)).stderr).toBe(
        'error: could not list s3://weights/v1/: AggregateError (see whether AWS_ENDPOINT_URL=http://localhost:4566 is right and answers)\n',
      );
    });

    test('name both where one is of a service and one of all others', async () => {
      const both = { ...env, AWS_ENDPOINT_URL_S3: 'http://me:secret@localhost:9000/path' };
      expect((await checking(refused, { env: both })).stderr).toContain(
        '(see whether AWS_ENDPOINT_URL=http://localhost:4566 and AWS_ENDPOINT_URL_S3=http://localhost:9000 are right and answer)\n',
      );
    });

    test.each([
      ['of a service that no command calls', { AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:8000' }],
      ['that is not heeded', { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }],
    ])('name none %s', async (_, env) => {
      expect((await checking(refused, { env })).stderr).toBe(
        'error: could not list s3://weights/v1/: AggregateError\n',
      );
    });

    test('name none where an answer came, or there is none to name', async () => {
      expect((await checking(new Error('no'))).stderr).toBe('error: could not list s3://weights/v1/: no\n');
      expect((await checking(refused, { env: {} })).stderr).not.toContain('AWS_ENDPOINT_URL');
    });

    test('are not those to reach a Hub', async () => {
      const hub = fakeHub({});
      hub.trouble = () => {
        throw new HubError('cut', 'could not find main', { cause: refused });
      };
      const { stderr } = await ran(['check', 'hf://acme/tiny'], { env, outside: { hub: () => Promise.resolve(hub) } });
      expect(stderr).toBe('error: could not find main\n');
    });
  });

  test('that a flag would mend say which', async () => {
    expect((await failing(new Error('Region is missing'))).stderr).toContain('--region us-east-1');
    const refused = Object.assign(new Error('wrong endpoint'), { name: 'PermanentRedirect' });
    expect((await failing(refused)).stderr).toContain('another Region');
  });
});

test('near finds what was meant, and nothing where nothing was', () => {
  const words = ['check', 'repair', 'upload', 'download', 'dry-run'];
  expect(['chekc', 'chec', 'repiar', 'uplaod', 'downlaod', 'dryrun', 'dry'].map((word) => near(word, words))).toEqual([
    'check',
    'check',
    'repair',
    'upload',
    'download',
    'dry-run',
    'dry-run',
  ]);
  expect(['x', '', 'frob', 'c'.repeat(10_000)].map((word) => near(word, words))).toEqual(Array(4).fill(undefined));
});

test('a command line to be typed again survives the shell', () => {
  expect(shellLine(['upload', './my model', "it's", 's3://b/p/', '$HOME'])).toBe(
    `upload './my model' 'it'\\''s' s3://b/p/ '$HOME'`,
  );
});
