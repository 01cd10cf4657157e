import { expect, it } from 'vitest';
import { permits } from '../../runtime/wiring/open-apis.ts';

const ARN = 'arn:aws:execute-api:us-east-1:000000000000:shop/$default/GET/items/7';
const policy = (...statements: readonly Record<string, unknown>[]) => ({
  Version: '2012-10-17',
  Statement: statements.map((statement) => ({ Action: 'execute-api:Invoke', ...statement })),
});

it('reads what an authorizer answers as policies are read: a denial outvotes, and what is unsaid is no', () => {
  const all = { Effect: 'Allow', Resource: 'arn:aws:execute-api:us-east-1:000000000000:shop/*' };
  expect(permits(policy(all), ARN)).toBe(true);
  expect(permits(policy(all, { Effect: 'Deny', Resource: 'arn:aws:execute-api:*:*:*/GET/items/*' }), ARN)).toBe(false);
  expect(permits(policy({ ...all, Resource: ARN.replace('/7', '/8') }), ARN)).toBe(false);
  expect(permits(policy({ ...all, Action: 'lambda:*' }), ARN)).toBe(false);
});

it.each<[string, unknown]>([
  ['no policy', { Statement: 7 }],
  ['nothing', null],
  ['a policy of a resource', policy({ Effect: 'Allow', Principal: '*', Resource: '*' })],
  ['one that is too long', policy({ Effect: 'Allow', Resource: `arn:*${'*a'.repeat(5_000)}` })],
])('refuses %s', (_, document) => {
  expect(() => permits(document, ARN)).toThrow();
});

it('compares no long policy with a long path, as a guest may have written both', () => {
  const document = policy({ Effect: 'Allow', Resource: `arn:*${'*a'.repeat(3_000)}` });
  expect(permits(document, ARN)).toBe(false);
  expect(() => permits(document, `${ARN}${'a'.repeat(2_000)}`)).toThrow('too long');
});
