import { describe, expect, it } from 'vitest';
import { readIdentity } from '../../runtime/apis/identity-source.ts';

describe('an identity source', () => {
  const request = {
    headers: { a: 'x' },
    query: new URLSearchParams('a=y'),
    stageVariables: { a: 'z' },
    context: { a: { b: 7 } },
  };

  it('names what a request has', () => {
    const expressions = ['$request.header.A', '$request.querystring.a', '$stageVariables.a', '$context.a.b'];
    expect(readIdentity(expressions, request)).toEqual(['x', 'y', 'z', '7']);
  });

  it.each([
    '$request.header.constructor',
    '$request.header.__proto__',
    '$stageVariables.constructor',
    '$context.a.toString',
  ])('names nothing by %s, which every object has', (expression) => {
    expect(readIdentity([expression], request)).toBeUndefined();
  });
});
