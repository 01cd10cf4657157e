import { expect, it } from 'vitest';
import type { Located } from '../../runtime/apis/index.ts';
import { toRequestArn } from '../../runtime/gateway/public/request-arn.ts';

const arnOf = (path: string): string | undefined => {
  const api = { region: 'us-east-1', accountId: '000000000000', apiId: 'shop' };
  return toRequestArn({ api, stage: { stageName: 'prod' }, path } as Located, 'GET');
};

it.each([
  ['/', '/'],
  ['/a/b', '/a/b'],
  ['/%61dmin/x', '/admin/x'],
  ['/a%2Fb', '/a%2Fb'],
  ['/a:b', '/a%3Ab'],
  ['/a%3ab', '/a%3Ab'],
  ['/%zz', '/%zz'],
])('%s is known to policies as %s', (path, known) => {
  expect(arnOf(path)).toBe(`arn:aws:execute-api:us-east-1:000000000000:shop/prod/GET${known}`);
});

it('has no name when it is too long', () => {
  expect(arnOf(`/${'x'.repeat(5_000)}`)).toBeUndefined();
});
