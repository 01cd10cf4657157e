import { describe, expect, it } from 'vitest';
import { createRecordFilter } from '../../../runtime/triggers/mappings/record-filter.ts';

const criteria = (...patterns: readonly unknown[]) => ({
  Filters: patterns.map((each) => ({ Pattern: JSON.stringify(each) })),
});
const filter = (...patterns: readonly unknown[]) => {
  const isWanted = createRecordFilter(criteria(...patterns), 'body');
  return (body: string, members: Record<string, unknown> = {}) =>
    isWanted({ members: { ...members, body }, data: body });
};

describe('the filters of a mapping', () => {
  it('let everything through where there are none', () => {
    expect(createRecordFilter(undefined, 'body')({ members: {}, data: 'x' })).toBe(true);
    expect(filter()('x')).toBe(true);
  });

  it('look into a body that is JSON where they describe an object, and drop any other', () => {
    const isWanted = filter({ body: { kind: ['sale'] } });
    expect(isWanted('{"kind":"sale"}')).toBe(true);
    expect(isWanted('{"kind":"offer"}')).toBe(false);
    for (const body of ['sale', '', '{', '7', 'null', '"sale"']) expect([body, isWanted(body)]).toEqual([body, false]);
  });

  it('take a body as text where they list what it may be, and drop JSON', () => {
    const isWanted = filter({ body: [{ prefix: 'sale' }] });
    expect(isWanted('sale 7')).toBe(true);
    expect(isWanted('offer')).toBe(false);
    expect(isWanted('{"sale":1}')).toBe(false);
  });

  it('do not look at the body where they do not name it', () => {
    const isWanted = filter({ attributes: { MessageGroupId: ['g'] } });
    expect(isWanted('{', { attributes: { MessageGroupId: 'g' } })).toBe(true);
    expect(isWanted('{}', { attributes: {} })).toBe(false);
  });

  it('let through what any of them matches', () => {
    const isWanted = filter({ body: ['ping'] }, { body: { kind: ['sale'] } });
    expect(['ping', '{"kind":"sale"}', 'pong', '{}'].map((body) => isWanted(body))).toEqual([true, true, false, false]);
  });
});
