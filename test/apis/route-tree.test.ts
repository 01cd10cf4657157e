import { describe, expect, it } from 'vitest';
import type { RouteRecord } from '../../runtime/apis/index.ts';
import { parseRouteKey, toSignature } from '../../runtime/apis/route-key.ts';
import { RouteTree } from '../../runtime/apis/route-tree.ts';

function treeOf(...keys: readonly string[]): (method: string, path: string) => string | undefined {
  const routes = keys.map((routeKey): RouteRecord => ({ routeId: routeKey, routeKey, authorizationType: 'NONE' }));
  const tree = new RouteTree(routes);
  return (method, path) => {
    const found = tree.find(method, path);
    if (found === undefined) return undefined;
    return found.pathParameters
      ? `${found.route.routeKey} ${JSON.stringify(found.pathParameters)}`
      : found.route.routeKey;
  };
}

describe('routes', () => {
  it('are found as the documentation of API Gateway says', () => {
    const find = treeOf('GET /pets/dog/1', 'GET /pets/dog/{id}', 'GET /pets/{proxy+}', 'ANY /{proxy+}', '$default');
    expect(find('GET', '/pets/dog/1')).toBe('GET /pets/dog/1');
    expect(find('GET', '/pets/dog/2')).toBe('GET /pets/dog/{id} {"id":"2"}');
    expect(find('GET', '/pets/cat/1')).toBe('GET /pets/{proxy+} {"proxy":"cat/1"}');
    expect(find('POST', '/test/5')).toBe('ANY /{proxy+} {"proxy":"test/5"}');
    expect(find('POST', '/')).toBe('$default');
  });

  it('that match the whole path go before greedy ones, and a method before ANY', () => {
    const find = treeOf('GET /a/{rest+}', 'ANY /{x}/b', 'GET /{x}/b', 'ANY /a/{y}/c');
    expect(find('GET', '/a/b')).toBe('GET /{x}/b {"x":"a"}');
    expect(find('POST', '/a/b')).toBe('ANY /{x}/b {"x":"a"}');
    expect(find('GET', '/a/q/c')).toBe('ANY /a/{y}/c {"y":"q"}');
    expect(find('POST', '/a/q')).toBeUndefined();
    expect(find('GET', '/a/q/d/e')).toBe('GET /a/{rest+} {"rest":"q/d/e"}');
  });

  it('with the longer greedy prefix go first, and are left when their method is another', () => {
    const find = treeOf('ANY /{all+}', 'GET /a/b/{rest+}', 'ANY /a/{x}/{rest+}');
    expect(find('GET', '/a/b/c')).toBe('GET /a/b/{rest+} {"rest":"c"}');
    expect(find('PUT', '/a/b/c')).toBe('ANY /a/{x}/{rest+} {"x":"b","rest":"c"}');
    expect(find('PUT', '/a/b')).toBe('ANY /{all+} {"all":"a/b"}');
  });

  it('compare what is percent-encoded decoded, and no slash in it divides', () => {
    const find = treeOf('GET /caf%C3%A9/{name}', 'GET /{a}/{b}');
    expect(find('GET', '/caf%c3%a9/a%2Fb')).toBe('GET /caf%C3%A9/{name} {"name":"a/b"}');
    expect(find('GET', '/%zz/x')).toBe('GET /{a}/{b} {"a":"%zz","b":"x"}');
  });

  it('take an empty segment for no parameter', () => {
    const find = treeOf('GET /a/{id}', 'GET /b/{rest+}', 'GET /c');
    expect(['/a/', '/b/', '/b', '/c/', '/', '//'].map((path) => find('GET', path))).toEqual(Array(6).fill(undefined));
    expect(find('GET', '/b//x')).toBe('GET /b/{rest+} {"rest":"/x"}');
  });

  it('cost no more than there are of them, however long the path is', () => {
    const keys = Array.from(
      { length: 300 },
      (_, n) => `GET /${'{p}/x/'.repeat(n % 40).replace(/\{p\}/g, () => `{p${keyed++}}`)}${n}`,
    );
    const find = treeOf(...keys);
    expect(find('GET', '/x'.repeat(8_000))).toBeUndefined();
  });
});
let keyed = 0;

describe('route keys', () => {
  it.each([
    ...['GET', 'GET a', 'get /', 'TRACE /', 'GET /a b', 'GET /{}', 'GET /{a', 'GET /a}', 'GET /{a+}/b', 'GET /x{a}'],
    ...['GET /{a}/{a}', 'GET //a', 'GET /%zz', `GET /${'a'.repeat(520)}`, '$connect', ' /', 'GET /a?b', 'GET /a#b'],
  ])('are not %j', (key) => {
    expect(() => parseRouteKey(key)).toThrow('route key');
  });

  it('mean the same whatever their parameters are called', () => {
    expect(toSignature('GET /a/{b}/{c+}')).toBe(toSignature('GET /a/{x}/{y+}'));
    expect(toSignature('GET /a/{b}')).not.toBe(toSignature('GET /a/{b+}'));
    expect(toSignature('GET /a')).not.toBe(toSignature('ANY /a'));
  });
});
