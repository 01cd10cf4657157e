import { describe, expect, it } from 'vitest';
import { type PolicyUse, parsePolicy } from '../../../runtime/identity/policy/parse-policy.ts';

const ALLOW = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
const document = (...statements: readonly unknown[]): unknown => ({ Version: '2012-10-17', Statement: statements });
const VENDOR = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
const SYNTAX = 'Syntax errors in policy.';

type Case = readonly [what: string, policy: unknown, message: string, use?: PolicyUse | undefined];

describe('a policy is refused', () => {
  it.each([
    ['that is no object', [], SYNTAX],
    [
      'of an unknown version',
      { Version: '2012-10-18', Statement: [ALLOW] },
      'The policy must contain a valid version string',
    ],
    ['without statements', { Version: '2012-10-17' }, SYNTAX],
    ['with none', document(), SYNTAX],
    ['with a member that is none', { ...(document(ALLOW) as object), Statements: [] }, SYNTAX],
    ['whose statement has a member that is none', document({ ...ALLOW, Actions: 's3:*' }), SYNTAX],
    ['without an effect', document({ Action: '*', Resource: '*' }), SYNTAX],
    ['of another effect', document({ ...ALLOW, Effect: 'allow' }), SYNTAX],
    ['without actions', document({ Effect: 'Allow', Resource: '*' }), 'Policy statement must contain actions.'],
    ['with an empty list of actions', document({ ...ALLOW, Action: [] }), 'Policy statement must contain actions.'],
    ['with both kinds of action', document({ ...ALLOW, NotAction: 's3:*' }), SYNTAX],
    ['whose action has no service', document({ ...ALLOW, Action: 'invoke' }), VENDOR],
    ['without resources', document({ Effect: 'Allow', Action: '*' }), 'Policy statement must contain resources.'],
    ['whose resource is no ARN', document({ ...ALLOW, Resource: 'f' }), 'Resource f must be in ARN format or "*".'],
    [
      'whose condition is unknown',
      document({ ...ALLOW, Condition: { Equals: {} } }),
      'Invalid Condition type : Equals',
    ],
    ['whose condition key has no service', document({ ...ALLOW, Condition: { Bool: { x: 'true' } } }), VENDOR],
    ['whose condition has no value', document({ ...ALLOW, Condition: { Bool: { 'a:b': null } } }), SYNTAX],
    [
      'Null cannot be IfExists',
      document({ ...ALLOW, Condition: { NullIfExists: {} } }),
      'Invalid Condition type : NullIfExists',
    ],
    [
      'whose Sid has other characters',
      document({ ...ALLOW, Sid: 'a-b' }),
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    ],
    [
      'that repeats a Sid',
      document({ ...ALLOW, Sid: 'a' }, { ...ALLOW, Sid: 'a' }),
      'Statement IDs (SID) in a single policy must be unique.',
    ],
    [
      'of a user with a principal',
      document({ ...ALLOW, Principal: '*' }),
      'Policy document should not specify a principal.',
    ],
    ['of a resource without a principal', document(ALLOW), 'Missing required field Principal', 'resource'],
    [
      'with a principal of no kind',
      document({ ...ALLOW, Principal: { Who: 'x' } }),
      'Invalid principal in policy',
      'resource',
    ],
    ['of trust with a resource', document({ ...ALLOW, Principal: '*' }), 'Has prohibited field Resource', 'trust'],
  ] satisfies Case[])('%s', (_, policy, message, use?: PolicyUse) => {
    expect(() => parsePolicy(JSON.stringify(policy), use ?? 'identity')).toThrow(
      expect.objectContaining({ name: 'MalformedPolicy', message }),
    );
  });

  it('that is no JSON', () => {
    expect(() => parsePolicy('{', 'identity')).toThrow('This policy contains invalid Json');
  });
});

describe('a policy is taken', () => {
  it.each<readonly [string, unknown, PolicyUse]>([
    ['of one statement without a list', { Version: '2012-10-17', Statement: ALLOW }, 'identity'],
    ['without a version', { Statement: [ALLOW] }, 'identity'],
    ['of a resource', document({ ...ALLOW, Sid: 'a-b', Principal: { Service: 's3.amazonaws.com' } }), 'resource'],
    [
      'of trust',
      document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['lambda.amazonaws.com'] } }),
      'trust',
    ],
    ['with an ARN cut short by a wildcard', document({ ...ALLOW, Resource: 'arn:aws:lambda:*' }), 'identity'],
    [
      'with conditions of every form',
      document({
        ...ALLOW,
        Condition: { 'ForAllValues:StringLikeIfExists': { 'aws:TagKeys': ['a', 'b'] }, Null: { 'a:b': true } },
      }),
      'identity',
    ],
  ])('%s', (_, policy, use) => {
    expect(parsePolicy(JSON.stringify(policy), use)).toEqual(policy);
  });
});
