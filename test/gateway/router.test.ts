import { describe, expect, it } from 'vitest';
import { createRouter } from '../../runtime/gateway/router.ts';

const find = createRouter([
  { method: 'GET', path: '/things/:Name', target: 'one' },
  { method: 'PUT', path: '/things/:Name/parts/:Part', target: 'part' },
  { method: 'GET', path: '/things', target: 'all' },
  { method: '*', path: '/open/:Name/*', target: 'open' },
]);

describe('the router', () => {
  it.each([
    ['GET', '/things', 'all', {}],
    ['GET', '/things/', 'all', {}],
    ['HEAD', '/things/a', 'one', { Name: 'a' }],
    ['GET', '/things/arn%3Aaws%3A%24x%2Fy', 'one', { Name: 'arn:aws:$x/y' }],
    ['GET', '/things/%zz', 'one', { Name: '%zz' }],
    ['GET', '/things/__proto__', 'one', { Name: '__proto__' }],
    ['PUT', '/things/a/parts/b/', 'part', { Name: 'a', Part: 'b' }],
    ['PATCH', '/open/a', 'open', { Name: 'a' }],
    ['GET', '/open/a/b//c', 'open', { Name: 'a' }],
  ])('finds %s %s', (method, path, target, params) => {
    expect(find(method, path)).toEqual({ target, params });
  });

  it.each([
    ['POST', '/things'],
    ['GET', '/'],
    ['GET', '/things//'],
    ['GET', '/things/a/b'],
    ['PUT', '/things//parts/b'],
    ['GET', '/open'],
    ['GET', '/open/'],
    ['GET', '/Things'],
    ['GET', '/%74hings'],
  ])('finds nothing for %s %s', (method, path) => {
    expect(find(method, path)).toBeUndefined();
  });
});
