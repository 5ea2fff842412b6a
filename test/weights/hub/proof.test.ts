import { createHash } from 'node:crypto';
import { gitBlobSha1 } from '../../../weights/hub/git-blob';
import { proofOf } from '../../../weights/hub/proof';

test("git's names of known content", () => {
  expect(gitBlobSha1(0).digest('hex')).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  const hash = gitBlobSha1(12);
  hash.update('hello ').update('world\n');
  expect(hash.digest('hex')).toBe('3b18e512dba79e4c8300dd08aeb37f8e728b8dad');
});

test('a file outside of LFS is proven by its name in git, another by its SHA-256', () => {
  const blob = '3b18e512dba79e4c8300dd08aeb37f8e728b8dad';
  const small = proofOf({ name: 'a', size: 12, blob });
  small.update(Buffer.from('hello world\n'));
  expect(small.holds()).toBe(true);

  const sha256 = createHash('sha256').update('weights').digest('hex');
  const large = proofOf({ name: 'b', size: 7, blob, sha256 });
  large.update(Buffer.from('weights'));
  expect(large.holds()).toBe(true);
});

test('fails with other content, and with none', () => {
  const proof = proofOf({ name: 'a', size: 12, blob: '3b18e512dba79e4c8300dd08aeb37f8e728b8dad' });
  proof.update(Buffer.from('hello World\n'));
  expect(proof.holds()).toBe(false);
  expect(proofOf({ name: 'a', size: 12, blob: '3b18e512dba79e4c8300dd08aeb37f8e728b8dad' }).holds()).toBe(false);
});
