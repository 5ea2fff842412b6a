import { handlerCode } from '../../lib/handler-code';

test('fails for a bundle that is not there, saying how to make it', () => {
  expect(() => handlerCode('no-such-handler')).toThrow(
    /no handler bundle in '.*\/dist\/lambda\/no-such-handler'; run 'npm run build:lambda' in a checkout/,
  );
});
