import { PassThrough } from 'node:stream';
import { typedLines } from '../../../bin/cli/chat/terminal';
import { chunk } from '../../chat/answers';
import { bedrockError } from '../../chat/fake-runtime';
import { chatted, HELLO, IMPORTED, messagesOf } from './chat-ground';

describe('a conversation', () => {
  test('has a history, without the reasoning of earlier answers', async () => {
    const { code, stdout, prompts, calls } = await chatted([IMPORTED, '--system', 'Be brief'], [HELLO], {
      typed: ['Hi', '', '  ', 'Again'],
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Hello you\nHello you\n' });
    expect(prompts).toEqual(Array(5).fill('> '));
    expect(messagesOf(calls[1])).toEqual([
      { role: 'system', content: 'Be brief' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello you' },
      { role: 'user', content: 'Again' },
    ]);
  });

  test.each(['exit', 'quit', '/exit', ' /quit ', '/bye'])('ends with %j, which no model is asked', async (word) => {
    const { code, stdout, calls } = await chatted([IMPORTED], [HELLO], { typed: ['Hi', word, 'Again'] });
    expect({ code, stdout, asked: calls.length }).toEqual({ code: 0, stdout: 'Hello you\n', asked: 1 });
  });

  test('says by /help what there is, asks no model for it, and goes on', async () => {
    const { stdout, stderr, calls } = await chatted([IMPORTED], [HELLO], { typed: ['/help', '/?', 'how do I exit?'] });
    expect(stderr.match(/Ctrl-D {5}ends, as do exit, quit/g)).toHaveLength(2);
    expect(stdout).toBe('Hello you\n');
    expect(calls.map(messagesOf)).toEqual([[{ role: 'user', content: 'how do I exit?' }]]);
  });

  test('goes on after an error, as if it had not been asked', async () => {
    const denied = bedrockError('AccessDeniedException', 'not yours', 403);
    const { code, stderr, calls } = await chatted([IMPORTED], [denied, HELLO], { typed: ['Hi', 'Well?'] });
    expect(code).toBe(0);
    expect(stderr).toContain('error: AccessDeniedException: not yours');
    expect(messagesOf(calls[1])).toEqual([{ role: 'user', content: 'Well?' }]);
  });

  test('says what to see to when no server is reached, or nobody knows who calls', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const none = bedrockError('CredentialsProviderError', 'no credentials', 0);
    const { code, stderr } = await chatted([IMPORTED, '--profile', 'prd'], [refused, none], {
      typed: ['Hi', 'Hi'],
      env: { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://localhost:4566' },
    });
    const [unreached, unknown] = stderr.split('\n');
    expect(code).toBe(0);
    expect(unreached).toMatch(
      /ECONNREFUSED \(see whether AWS_ENDPOINT_URL_BEDROCK_RUNTIME=http:\S+ is right and answers\)$/,
    );
    expect(unknown).toContain('(there is no profile prd, or none that has valid credentials');
  });

  test('keeps what was said of an answer that was stopped, and says nothing of the stop', async () => {
    const endless = { frames: [chunk({ content: 'Hel' }), 'never' as const] };
    const { stdout, stderr, calls } = await chatted([IMPORTED], [endless, HELLO], {
      typed: ['Hi', 'Go on'],
      stop: (stop) => setTimeout(stop, 20),
    });
    expect(stdout).toBe('Hel\nHello you\n');
    expect(stderr).not.toContain('error');
    expect(messagesOf(calls[1])).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hel' },
      { role: 'user', content: 'Go on' },
    ]);
  });
});

describe('a terminal', () => {
  const CTRL_C = '\u0003';
  const CTRL_D = '\u0004';

  function terminal() {
    const input = new PassThrough();
    const output = new PassThrough();
    let shown = '';
    output.setEncoding('utf8').on('data', (text: string) => (shown += text));
    return { input, lines: typedLines(input, output), shown: () => shown };
  }

  const aborted = (signal: AbortSignal) =>
    new Promise<string>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve('stopped');
      });
    });

  test('gives lines as they are asked for, also those that came early', async () => {
    const { input, lines, shown } = terminal();
    const first = lines.next('> ');
    input.write('one\rtwo\r');
    expect([await first, await lines.next('> ')]).toEqual(['one', 'two']);
    expect(shown()).toContain('> ');
    lines.close();
  });

  test('ends with Ctrl-D', async () => {
    const { input, lines } = terminal();
    const line = lines.next('> ');
    input.write(CTRL_D);
    expect(await line).toBeUndefined();
    expect(await lines.next('> ')).toBeUndefined();
  });

  test('throws half a line away at the first Ctrl-C and ends at the second', async () => {
    const { input, lines, shown } = terminal();
    const first = lines.next('> ');
    input.write(`half a${CTRL_C}whole\r`);
    expect(await first).toBe('whole');
    expect(shown()).toContain('(Ctrl-C again, or Ctrl-D, ends)');
    const second = lines.next('> ');
    input.write(CTRL_C + CTRL_C);
    expect(await second).toBeUndefined();
  });

  test('stops an answer by Ctrl-C and the program by another', async () => {
    const { input, lines } = terminal();
    const answer = lines.stoppable(aborted);
    input.write(CTRL_C);
    expect(await answer).toBe('stopped');
    const line = lines.next('> ');
    input.write(CTRL_C);
    expect(await line).toBeUndefined();
  });

  test('stops an answer when it is closed, and the next before it begins', async () => {
    const { lines } = terminal();
    const answer = lines.stoppable(aborted);
    lines.close();
    expect(await answer).toBe('stopped');
    expect(await lines.stoppable((signal) => Promise.resolve(signal.aborted))).toBe(true);
  });
});
