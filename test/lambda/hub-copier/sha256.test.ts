import { createHash, randomBytes } from 'node:crypto';
import { resumableSha256 } from '../../../lambda/hub-copier/sha256';

test('goes on from a state that was saved at any byte', async () => {
  const bytes = randomBytes(1000);
  const wanted = createHash('sha256').update(bytes).digest('hex');
  for (const stop of [0, 1, 63, 64, 65, 128, 999, 1000]) {
    const first = await resumableSha256();
    first.update(bytes.subarray(0, stop));
    const state = first.save();
    const second = await resumableSha256(state);
    second.update(bytes.subarray(stop));
    expect(second.end()).toBe(wanted);
  }
});

test('fails for a state that is none', async () => {
  await expect(resumableSha256('AAAA')).rejects.toThrow();
});
