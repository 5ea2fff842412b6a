import { toolCalls } from '../../../chat/answer/tool-calls';
import type { JsonObject } from '../../../chat/json';

function assembled(pieces: readonly JsonObject[]) {
  let made = 0;
  const calls = toolCalls(() => `made${++made}`);
  const result: { id: string; name: string; arguments: string }[] = [];
  for (const piece of pieces) {
    const { index, id, function: called } = calls.take(piece);
    const known = result[index] ?? { id: id ?? '', name: '', arguments: '' };
    result[index] = { ...known, name: called.name ?? known.name, arguments: known.arguments + called.arguments };
  }
  return result;
}

describe('putting the pieces of tool calls together', () => {
  test.each<[string, JsonObject[], object[]]>([
    [
      'takes arguments in pieces, of two calls in turn',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '' } },
        { index: 0, function: { arguments: '{"x"' } },
        { index: 1, id: 'b', function: { name: 'g', arguments: '{}' } },
        { index: 0, function: { arguments: ':1}' } },
      ],
      [
        { id: 'a', name: 'f', arguments: '{"x":1}' },
        { id: 'b', name: 'g', arguments: '{}' },
      ],
    ],
    [
      'makes an id where there is none',
      [{ index: 0, function: { name: 'f', arguments: '{}' } }],
      [{ id: 'call_made1', name: 'f', arguments: '{}' }],
    ],
    [
      'closes gaps of indices',
      [
        { index: 3, id: 'a', function: { name: 'f', arguments: '1' } },
        { index: 5, id: 'b', function: { name: 'g', arguments: '2' } },
        { index: 3, function: { arguments: '1' } },
      ],
      [
        { id: 'a', name: 'f', arguments: '11' },
        { id: 'b', name: 'g', arguments: '2' },
      ],
    ],
    [
      'tells calls of one index apart by their ids',
      [
        { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } },
        { index: 0, id: 'b', function: { name: 'f', arguments: '{' } },
        { index: 0, function: { arguments: '}' } },
      ],
      [
        { id: 'a', name: 'f', arguments: '{}' },
        { id: 'b', name: 'f', arguments: '{}' },
      ],
    ],
    [
      'takes pieces without an index for the call before',
      [
        { id: 'a', function: { name: 'f', arguments: '{' } },
        { function: { arguments: '}' } },
        { id: '', function: { arguments: ' ' } },
      ],
      [{ id: 'a', name: 'f', arguments: '{} ' }],
    ],
    [
      'takes arguments that are an object',
      [{ function: { name: 'f', arguments: { x: 1 } } }, { function: { name: 'g', arguments: null } }],
      [
        { id: 'call_made1', name: 'f', arguments: '{"x":1}' },
        { id: 'call_made2', name: 'g', arguments: '' },
      ],
    ],
    [
      'takes a name that comes later',
      [
        { index: 0, id: 'a' },
        { index: 0, function: { name: 'f', arguments: '{}' } },
      ],
      [{ id: 'a', name: 'f', arguments: '{}' }],
    ],
  ])('%s', (_, pieces, expected) => {
    expect(assembled(pieces)).toEqual(expected);
  });
});
