import { describe, expect, it } from 'vitest';
import type { ConditionContext } from '../../../runtime/contract/authorizer.ts';
import type { PolicyConditions } from '../../../runtime/contract/policy-document.ts';
import { ask, identityPolicy } from './question.ts';

type Case = readonly [what: string, condition: PolicyConditions, context: ConditionContext, holds: boolean];

const IP = 'aws:SourceIp';
const TAGS = 'aws:TagKeys';
const KEY = 'aws:Key';

const CASES: readonly Case[] = [
  ['StringEquals', { StringEquals: { [KEY]: 'a' } }, { [KEY]: 'a' }, true],
  ['StringEquals is exact', { StringEquals: { [KEY]: 'a*' } }, { [KEY]: 'ab' }, false],
  ['StringEquals minds case', { StringEquals: { [KEY]: 'a' } }, { [KEY]: 'A' }, false],
  ['the case of a key does not matter', { StringEquals: { 'AWS:KEY': 'a' } }, { 'aws:key': 'a' }, true],
  ['values are joined by or', { StringEquals: { [KEY]: ['a', 'b'] } }, { [KEY]: 'b' }, true],
  [
    'keys are joined by and',
    { StringEquals: { [KEY]: 'a', 'aws:Other': 'b' } },
    { [KEY]: 'a', 'aws:Other': 'x' },
    false,
  ],
  ['every key must hold', { StringEquals: { [KEY]: 'a', 'aws:Other': 'b' } }, { [KEY]: 'a', 'aws:Other': 'b' }, true],
  ['operators are joined by and', { StringEquals: { [KEY]: 'a' }, Bool: { 'aws:B': 'true' } }, { [KEY]: 'a' }, false],
  ['a key that is absent does not hold', { StringEquals: { [KEY]: 'a' } }, {}, false],
  ['IfExists holds without the key', { StringEqualsIfExists: { [KEY]: 'a' } }, {}, true],
  ['IfExists looks at the key when it is there', { StringEqualsIfExists: { [KEY]: 'a' } }, { [KEY]: 'b' }, false],
  ['StringNotEquals', { StringNotEquals: { [KEY]: 'a' } }, { [KEY]: 'b' }, true],
  ['StringNotEquals of several is none of them', { StringNotEquals: { [KEY]: ['a', 'b'] } }, { [KEY]: 'b' }, false],
  ['StringNotEquals holds without the key', { StringNotEquals: { [KEY]: 'a' } }, {}, true],
  ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { [KEY]: 'a' } }, { [KEY]: 'A' }, true],
  ['StringNotEqualsIgnoreCase', { StringNotEqualsIgnoreCase: { [KEY]: 'a' } }, { [KEY]: 'A' }, false],
  ['StringLike', { StringLike: { [KEY]: 'a*c?' } }, { [KEY]: 'abbbcd' }, true],
  ['StringLike goes past colons', { StringLike: { [KEY]: 'a*c' } }, { [KEY]: 'a:b:c' }, true],
  ['StringNotLike', { StringNotLike: { [KEY]: 'a*' } }, { [KEY]: 'ab' }, false],
  ['a variable as value', { StringEquals: { [KEY]: `\${aws:username}` } }, { [KEY]: 'alice' }, true],
  ['a variable in a pattern', { StringLike: { [KEY]: `\${aws:username}/*` } }, { [KEY]: 'alice/x' }, true],
  ['a variable without value equals nothing', { StringEquals: { [KEY]: `\${aws:none}` } }, { [KEY]: '' }, false],
  ['NumericEquals', { NumericEquals: { [KEY]: 5 } }, { [KEY]: '5.0' }, true],
  ['NumericNotEquals', { NumericNotEquals: { [KEY]: '5' } }, { [KEY]: '5' }, false],
  ['NumericLessThan', { NumericLessThan: { [KEY]: '5' } }, { [KEY]: '5' }, false],
  ['NumericLessThanEquals', { NumericLessThanEquals: { [KEY]: '5' } }, { [KEY]: '5' }, true],
  ['NumericGreaterThan', { NumericGreaterThan: { [KEY]: '9' } }, { [KEY]: '10' }, true],
  ['NumericGreaterThanEquals', { NumericGreaterThanEquals: { [KEY]: '9' } }, { [KEY]: '8' }, false],
  ['what is no number equals none', { NumericEquals: { [KEY]: '5' } }, { [KEY]: 'five' }, false],
  ['DateGreaterThan now', { DateGreaterThan: { 'aws:CurrentTime': '2026-06-15T11:59:59Z' } }, {}, true],
  ['DateLessThan now', { DateLessThan: { 'aws:CurrentTime': '2026-06-15T11:59:59Z' } }, {}, false],
  ['DateLessThanEquals', { DateLessThanEquals: { 'aws:CurrentTime': '2026-06-15T12:00:00Z' } }, {}, true],
  ['DateGreaterThanEquals', { DateGreaterThanEquals: { 'aws:CurrentTime': '2027-01-01' } }, {}, false],
  ['DateEquals with a zone', { DateEquals: { 'aws:CurrentTime': '2026-06-15T14:00:00+02:00' } }, {}, true],
  ['DateNotEquals', { DateNotEquals: { 'aws:CurrentTime': '2026-06-15T12:00:00Z' } }, {}, false],
  ['a date in seconds', { DateLessThan: { 'aws:EpochTime': '1781524801' } }, {}, true],
  ['Bool', { Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': 'false' }, true],
  ['Bool given as JSON has it', { Bool: { 'aws:SecureTransport': true } }, { 'aws:SecureTransport': 'false' }, false],
  ['BinaryEquals', { BinaryEquals: { [KEY]: 'YQ==' } }, { [KEY]: 'YQ==' }, true],
  ['IpAddress', { IpAddress: { [IP]: '10.0.0.0/8' } }, { [IP]: '10.200.3.4' }, true],
  ['IpAddress outside', { IpAddress: { [IP]: ['10.0.0.0/8', '192.168.0.1'] } }, { [IP]: '192.168.0.2' }, false],
  ['IpAddress, version 6', { IpAddress: { [IP]: '2001:db8::/32' } }, { [IP]: '2001:db8:1::1' }, true],
  ['IpAddress of another version', { IpAddress: { [IP]: '0.0.0.0/0' } }, { [IP]: '::1' }, false],
  ['NotIpAddress', { NotIpAddress: { [IP]: '10.0.0.0/8' } }, { [IP]: '10.1.1.1' }, false],
  ['NotIpAddress holds without an address', { NotIpAddress: { [IP]: '10.0.0.0/8' } }, {}, true],
  ['what is no range holds nobody', { IpAddress: { [IP]: '10.0.0.0/33' } }, { [IP]: '10.0.0.0' }, false],
  ['ArnEquals takes wildcards', { ArnEquals: { [KEY]: 'arn:aws:s3:::b*' } }, { [KEY]: 'arn:aws:s3:::bucket' }, true],
  ['ArnLike stays in its part', { ArnLike: { [KEY]: 'arn:aws:*:::b' } }, { [KEY]: 'arn:aws:s3:x:::b' }, false],
  ['ArnLike, every part', { ArnLike: { [KEY]: 'arn:*:*:*:*:*' } }, { [KEY]: 'arn:aws:a:b:c:d:e:f' }, true],
  ['ArnNotLike', { ArnNotLike: { [KEY]: 'arn:aws:s3:::b*' } }, { [KEY]: 'arn:aws:s3:::bucket' }, false],
  ['ArnLike of what is no ARN', { ArnLike: { [KEY]: '*' } }, { [KEY]: 'arn:aws:s3:::bucket' }, false],
  ['Null true: the key is absent', { Null: { [KEY]: 'true' } }, {}, true],
  ['Null false: the key is there', { Null: { [KEY]: false } }, { [KEY]: 'a' }, true],
  ['Null true with the key', { Null: { [KEY]: true } }, { [KEY]: 'a' }, false],
  ['ForAllValues', { 'ForAllValues:StringEquals': { [TAGS]: ['a', 'b'] } }, { [TAGS]: ['a', 'b'] }, true],
  ['ForAllValues with one too many', { 'ForAllValues:StringEquals': { [TAGS]: ['a'] } }, { [TAGS]: ['a', 'c'] }, false],
  ['ForAllValues without the key', { 'ForAllValues:StringEquals': { [TAGS]: 'a' } }, {}, true],
  ['ForAllValues of no values', { 'ForAllValues:StringLike': { [TAGS]: 'a' } }, { [TAGS]: [] }, true],
  ['ForAllValues negated', { 'ForAllValues:StringNotEquals': { [TAGS]: 'x' } }, { [TAGS]: ['a', 'x'] }, false],
  ['ForAnyValue', { 'ForAnyValue:StringLike': { [TAGS]: 'a*' } }, { [TAGS]: ['x', 'ab'] }, true],
  ['ForAnyValue of none', { 'ForAnyValue:StringEquals': { [TAGS]: 'a' } }, { [TAGS]: ['x', 'y'] }, false],
  ['ForAnyValue without the key', { 'ForAnyValue:StringEquals': { [TAGS]: 'a' } }, {}, false],
  ['ForAnyValue negated', { 'ForAnyValue:StringNotEquals': { [TAGS]: 'x' } }, { [TAGS]: ['a', 'x'] }, true],
  ['ForAnyValue negated without the key', { 'ForAnyValue:StringNotEquals': { [TAGS]: 'x' } }, {}, false],
  ['several values, none may be', { StringNotEquals: { [TAGS]: 'x' } }, { [TAGS]: ['a', 'x'] }, false],
];

describe('a condition', () => {
  it.each(CASES)('%s', (_, Condition, context, holds) => {
    expect(ask([identityPolicy({ Condition })], { context })).toBe(holds ? 'allowed' : 'unmentioned');
  });

  it('narrows a denial too', () => {
    const policies = [identityPolicy({}, { Effect: 'Deny', Condition: { NotIpAddress: { [IP]: '10.0.0.0/8' } } })];
    expect(ask(policies, { context: { [IP]: '10.1.1.1' } })).toBe('allowed');
    expect(ask(policies, { context: { [IP]: '11.1.1.1' } })).toBe('denied');
  });

  it('cannot be met by a request that says who it is', () => {
    const policy = identityPolicy({ Condition: { StringEquals: { 'aws:username': 'root' } } });
    expect(ask([policy], { context: { 'aws:username': 'root', 'AWS:UserName': 'root' } })).toBe('unmentioned');
  });
});
