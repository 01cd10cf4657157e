import { describe, expect, it } from 'vitest';
import type { Decision, Principal } from '../../../runtime/contract/authorizer.ts';
import type { PolicyStatement } from '../../../runtime/contract/policy-document.ts';
import { ALICE, type Asked, ask, FUNCTION, identityPolicy, policyOf } from './question.ts';

type Case = readonly [what: string, statements: readonly Partial<PolicyStatement>[], asked: Asked, decision: Decision];

const ROOT: Principal = { kind: 'root', accountId: '000000000000' };
const S3: Principal = { kind: 'service', name: 's3.amazonaws.com' };
const DENY = { Effect: 'Deny' } as const;

const CASES: readonly Case[] = [
  ['everything is allowed by *', [{}], {}, 'allowed'],
  ['an explicit denial wins', [{}, DENY], {}, 'denied'],
  ['an explicit denial wins from the front', [DENY, {}], {}, 'denied'],
  ['a denial of something else does not matter', [{}, { ...DENY, Action: 's3:*' }], {}, 'allowed'],
  ['another action is unmentioned', [{ Action: 'lambda:GetFunction' }], {}, 'unmentioned'],
  ['one of several actions is enough', [{ Action: ['lambda:GetFunction', 'lambda:InvokeFunction'] }], {}, 'allowed'],
  ['the case of an action does not matter', [{ Action: 'LAMBDA:invokefunction' }], {}, 'allowed'],
  ['* in an action', [{ Action: 'lambda:Invoke*' }], {}, 'allowed'],
  ['* in the middle of an action', [{ Action: 'lambda:*Function' }], {}, 'allowed'],
  ['? in an action is one character', [{ Action: 'lambda:InvokeFunctio?' }], {}, 'allowed'],
  ['? is not none', [{ Action: 'lambda:InvokeFunction?' }], {}, 'unmentioned'],
  ['NotAction leaves out what it names', [{ NotAction: 'lambda:Invoke*' }], {}, 'unmentioned'],
  ['NotAction allows the rest', [{ NotAction: 'iam:*' }], {}, 'allowed'],
  ['a denial but for NotAction', [{}, { ...DENY, NotAction: 'lambda:GetFunction' }], {}, 'denied'],
  ['another resource is unmentioned', [{ Resource: `${FUNCTION}2` }], {}, 'unmentioned'],
  ['the case of a resource matters', [{ Resource: FUNCTION.replace('function', 'Function') }], {}, 'unmentioned'],
  ['* in a resource', [{ Resource: 'arn:aws:lambda:*:*:function:*' }], {}, 'allowed'],
  ['? in a resource', [{ Resource: 'arn:aws:lambda:us-east-?:000000000000:function:?' }], {}, 'allowed'],
  [
    '* within a segment stays in it',
    [{ Resource: 'arn:aws:lambda:us-*1:000000000000:function:f' }],
    { resource: 'arn:aws:lambda:us-x:y1:000000000000:function:f' },
    'unmentioned',
  ],
  ['* at the end of a segment goes past it', [{ Resource: 'arn:aws:lambda:*' }], {}, 'allowed'],
  ['a name is not its beginning', [{ Resource: FUNCTION }], { resource: `${FUNCTION}:1` }, 'unmentioned'],
  ['a qualifier by *', [{ Resource: `${FUNCTION}:*` }], { resource: `${FUNCTION}:1` }, 'allowed'],
  ['* as the resource of an action that has none', [{}], { resource: '*' }, 'allowed'],
  [
    'an ARN is not the resource of such an action',
    [{ Resource: 'arn:aws:lambda:*' }],
    { resource: '*' },
    'unmentioned',
  ],
  ['NotResource leaves out what it names', [{ NotResource: FUNCTION }], {}, 'unmentioned'],
  ['NotResource allows the rest', [{ NotResource: `${FUNCTION}2` }], {}, 'allowed'],
  ['a denial but for NotResource', [{}, { ...DENY, NotResource: `${FUNCTION}2` }], {}, 'denied'],
  [
    'a variable',
    [{ Resource: `arn:aws:lambda:us-east-1:000000000000:function:\${aws:username}` }],
    { resource: 'arn:aws:lambda:us-east-1:000000000000:function:alice' },
    'allowed',
  ],
  [
    'the value of a variable holds no wildcards',
    [{ Resource: `arn:aws:lambda:us-east-1:000000000000:function:\${aws:username}` }],
    { principal: { ...ALICE, name: '*' } as Principal, resource: 'arn:aws:lambda:us-east-1:000000000000:function:bob' },
    'unmentioned',
  ],
  [
    'a variable without a value matches nothing',
    [{ Resource: `arn:aws:lambda:us-east-1:000000000000:function:\${aws:nothing}` }],
    { resource: 'arn:aws:lambda:us-east-1:000000000000:function:' },
    'unmentioned',
  ],
  [
    'a variable with a default',
    [{ Resource: `arn:aws:lambda:us-east-1:000000000000:function:\${aws:nothing, 'f'}` }],
    {},
    'allowed',
  ],
  [
    'an exception with a variable without a value allows nothing',
    [{ NotResource: `arn:aws:lambda:us-east-1:000000000000:function:\${aws:nothing}` }],
    {},
    'unmentioned',
  ],
  [
    'an escaped asterisk is no wildcard',
    [{ Resource: `arn:aws:s3:::b/\${*}` }],
    { resource: 'arn:aws:s3:::b/x' },
    'unmentioned',
  ],
  [
    'an escaped asterisk is an asterisk',
    [{ Resource: `arn:aws:s3:::b/\${*}` }],
    { resource: 'arn:aws:s3:::b/*' },
    'allowed',
  ],
];

describe('policies of a user', () => {
  it.each(CASES)('%s', (_, statements, asked, decision) => {
    expect(ask([identityPolicy(...statements)], asked)).toBe(decision);
  });

  it('say nothing when there are none', () => {
    expect(ask([])).toBe('unmentioned');
  });

  it('are asked together: a denial in one outvotes the others', () => {
    expect(ask([identityPolicy({}), identityPolicy(DENY), identityPolicy({})])).toBe('denied');
    expect(ask([identityPolicy({ Action: 's3:*' }), identityPolicy({})])).toBe('allowed');
  });

  it('know no variables in the older version of the language', () => {
    const older = { ...policyOf({ Resource: `arn:aws:s3:::\${aws:username}` }), Version: '2008-10-17' as const };
    expect(ask([older], { resource: 'arn:aws:s3:::alice' })).toBe('unmentioned');
    expect(ask([older], { resource: `arn:aws:s3:::\${aws:username}` })).toBe('allowed');
  });

  it('are decided quickly whatever they look like', () => {
    const stars = `arn:aws:lambda:${'*a'.repeat(1500)}b`;
    expect(ask([policyOf({ Resource: stars })], { resource: `arn:aws:lambda:${'a'.repeat(1500)}` })).toBe(
      'unmentioned',
    );
    expect(ask([policyOf({ Resource: '${'.repeat(3000) })])).toBe('unmentioned');
    const conditions = { ArnLike: { 'aws:SourceArn': `\${a}`.repeat(2000) } };
    expect(ask([policyOf({ Condition: conditions })], { context: { 'aws:SourceArn': 'a:b' } })).toBe('unmentioned');
  });
});

describe("Isola's own resources", () => {
  const KV = 'arn:isola:kv:us-east-1:000000000000';
  const says = (Resource: string, resource: string) =>
    ask([identityPolicy({ Action: 'isola:KvGet', Resource })], { action: 'isola:KvGet', resource }) === 'allowed';

  it.each([
    ['*', true],
    ['arn:isola:*', true],
    ['arn:isola:kv:*', true],
    ['arn:isola:kv:*:*:visits/*', true],
    [`${KV}:visits/user:*`, true],
    [`${KV}:visits/user:4?`, true],
    [`${KV}:visits/\${aws:username}:*`, false],
    [`${KV}:visits/*:\${aws:nothing, '42'}`, true],
    ['arn:isola:fetch:*', false],
  ])('%s means a value or not', (pattern, isMeant) => {
    expect(says(pattern, `${KV}:visits/user:42`)).toBe(isMeant);
  });

  it('cannot be named so that a key passes for the namespace of another', () => {
    for (const pattern of ['arn:isola:kv:*:*:visits/*', 'arn:isola:*:visits/*', `arn:isola:kv:*:visits/*`]) {
      expect(says(pattern, `${KV}:secrets/x:visits/y`)).toBe(false);
      expect(says(pattern, `${KV}:secrets/a:b:c:visits/y`)).toBe(false);
    }
  });
});

describe('the policy of a resource', () => {
  const AWS = (value: string) => ({ Principal: { AWS: value } });
  it.each<Case>([
    ['* is everyone', [{ Principal: '*' }], { principal: { kind: 'anonymous' } }, 'allowed'],
    ['AWS * is everyone', [AWS('*')], { principal: { kind: 'anonymous' } }, 'allowed'],
    ['a user by its ARN', [AWS('arn:aws:iam::000000000000:user/alice')], {}, 'allowed'],
    ['not another user', [AWS('arn:aws:iam::000000000000:user/bob')], {}, 'unmentioned'],
    ['an account is its root', [AWS('000000000000')], { principal: ROOT }, 'allowed'],
    ['an account leaves its users to their policies', [AWS('arn:aws:iam::000000000000:root')], {}, 'unmentioned'],
    ['an account denied is all of it', [{ ...DENY, ...AWS('arn:aws:iam::000000000000:root') }], {}, 'denied'],
    ['another account', [AWS('111111111111')], { principal: ROOT }, 'unmentioned'],
    ['a service', [{ Principal: { Service: 's3.amazonaws.com' } }], { principal: S3 }, 'allowed'],
    ['another service', [{ Principal: { Service: 'sns.amazonaws.com' } }], { principal: S3 }, 'unmentioned'],
    ['a service is no user', [{ Principal: { Service: 's3.amazonaws.com' } }], {}, 'unmentioned'],
    ['one of several', [{ Principal: { AWS: ['111111111111', '*'], Service: 'a.b' } }], {}, 'allowed'],
    ['NotPrincipal denies the others', [{ ...DENY, NotPrincipal: { AWS: '111111111111' } }], {}, 'denied'],
    [
      'NotPrincipal spares whom it names',
      [{ ...DENY, NotPrincipal: { AWS: 'arn:aws:iam::000000000000:user/alice' } }],
      {},
      'unmentioned',
    ],
  ])('%s', (_, statements, asked, decision) => {
    expect(ask([policyOf(...statements)], asked)).toBe(decision);
  });
});
