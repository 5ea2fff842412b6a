import { explained } from '../../../bin/cli/explained';

test('a disk that is full is told with what to do, and that nothing is lost', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(explained(full, {})).toBe(
    'ENOSPC: no space left on device, write (the disk is full: make room, and run the same command again, which goes on)',
  );
});
