import { describe, expect, it } from 'vitest';
import { parseFailures } from '../../../runtime/triggers/mappings/batch-response.ts';

const read = (answer: string) => parseFailures(Buffer.from(answer), (identifier) => 'abc'.includes(identifier));
const failing = (...items: readonly unknown[]) => JSON.stringify({ batchItemFailures: items });

describe('what a function answers of a batch', () => {
  it.each(['', '""', '[]', 'null', '{}', '{"batchItemFailures":null}', failing()])(
    'means that all went well: %s',
    (answer) => expect(read(answer)).toBe('none'),
  );

  it('names the records that failed', () => {
    expect(read(failing({ itemIdentifier: 'a' }, { itemIdentifier: 'c' }))).toEqual(new Set(['a', 'c']));
  });

  it.each([
    '{',
    'fine',
    '[1]',
    '"fine"',
    '7',
    '{"batchItemFailures":"a"}',
    failing(null),
    failing('a'),
    failing({ itemIdentifier: '' }),
    failing({ itemIdentifier: null }),
    failing({ itemIdentifier: 7 }),
    failing({ itemIdentifier: 'z' }),
    failing({ identifier: 'a' }),
    failing({ itemIdentifier: 'a' }, {}),
  ])('means that nothing did: %s', (answer) => expect(read(answer)).toBe('all'));
});
