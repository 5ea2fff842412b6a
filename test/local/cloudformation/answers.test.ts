import { parseAnswer } from '../../../local/cloudformation/custom-resource';
import { Account, thing } from './testbed';

const answer = { Status: 'SUCCESS', PhysicalResourceId: 'id', Data: { Count: 3, Name: 'x' } };

test('takes an answer of 4,096 bytes, with attributes as strings', () => {
  const room = 4096 - Buffer.byteLength(JSON.stringify({ ...answer, Reason: '' }));
  const body = JSON.stringify({ ...answer, Reason: 'x'.repeat(room) });
  expect(Buffer.byteLength(body)).toBe(4096);
  expect(parseAnswer(body)).toEqual({ kind: 'success', physicalId: 'id', data: { Count: '3', Name: 'x' } });
  expect(parseAnswer(`${body} `)).toMatchObject({ kind: 'failed', reason: 'Response object is too long: 4097 bytes' });
});

test('counts bytes, not characters', () => {
  expect(parseAnswer(JSON.stringify({ ...answer, Reason: 'é'.repeat(2100) }))).toMatchObject({ kind: 'failed' });
});

test.each(['', 'x'.repeat(1025)])(
  'fails on a physical id that is empty or longer than 1 KB (%#)',
  (PhysicalResourceId) => {
    expect(parseAnswer(JSON.stringify({ ...answer, PhysicalResourceId }))).toEqual({
      kind: 'failed',
      reason: 'Invalid PhysicalResourceId',
    });
  },
);

test('keeps the reason and the id of a failure', () => {
  expect(parseAnswer(JSON.stringify({ Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'id' }))).toEqual({
    kind: 'failed',
    reason: 'no',
    physicalId: 'id',
  });
});

test('fails a Create that succeeded but said too much, and deletes it under an invented id', async () => {
  const account = new Account({
    handlers: { isComplete: () => ({ IsComplete: true, Data: { Text: 'x'.repeat(4096) } }) },
  });
  const { status, reasons } = await account.deploy({ A: thing() });
  expect(status).toBe('ROLLBACK_FAILED');
  expect(reasons[0]).toMatch(/^A: Response object is too long/);
  expect(account.sent()).toEqual(['Create A', expect.stringMatching(/^Delete A One-A-[0-9A-Z]{13}$/)]);
});
