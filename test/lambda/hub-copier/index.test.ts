import { handler } from '../../../lambda/hub-copier';
import { copyGround } from './ground';
import { tinyModel } from './tiny-model';

const context = { getRemainingTimeInMillis: () => 900_000 };

test('resolves a revision by the address that it is given', async () => {
  const ground = await copyGround({ files: tinyModel() });
  const { hub, copy } = ground;
  try {
    expect(await handler({ step: 'resolve', copy }, context)).toEqual({ state: 'resolved', commit: copy.commit });
    expect(hub.requests.some(({ authorized }) => authorized)).toBe(false);
  } finally {
    await ground.end();
  }
});

test('fails with an answer when the address of the Hub is none', async () => {
  const copy = { repository: 'acme/tiny', revision: 'main', endpoint: 'hub.example/path', tokenSecretArn: '' };
  expect(await handler({ step: 'resolve', copy }, context)).toEqual({
    state: 'failed',
    why: "the endpoint of a Hub is an origin such as 'https://huggingface.co': it must begin with https://, or with http:// inside a network",
  });
});
