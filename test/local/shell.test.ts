import { execFileSync } from 'node:child_process';
import { shellLines } from '../../local/shell';

test('a shell takes every value as it is, and forgets what would win over it', () => {
  const values = { PLAIN: 'http://127.0.0.1:4566', SPACES: '/home/a b/c', QUOTES: `it's "$HOME"` };
  const script = `AWS_PROFILE=production\n${shellLines(values)}\nprintf '%s|' "$PLAIN" "$SPACES" "$QUOTES" "$AWS_PROFILE"`;
  const output = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
  expect(output.split('|').slice(0, -1)).toEqual([...Object.values(values), '']);
});
