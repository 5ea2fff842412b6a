import { killAndGoOn } from './kills';

jest.setTimeout(120_000);

test('an upload that was killed several times ends whole, and has kept what had arrived', async () => {
  const { killed, kept, bytes } = await killAndGoOn(4);
  expect(killed).toBeGreaterThan(0);
  expect(kept).toBeGreaterThan(bytes / 20);
});
