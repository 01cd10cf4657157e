import fc from 'fast-check';
import { IAM } from '../../runtime/gateway/iam-api/iam-service.ts';
import { STS } from '../../runtime/gateway/sts-api/sts-service.ts';
import type { WireRequest } from '../support/exchange.ts';

const { constantFrom, constant, dictionary, oneof, record, string } = fc;

const actions = [IAM, STS].flatMap(({ version, operations }) =>
  operations.map(({ name }) => ({ Action: name, Version: version })),
);
const action = oneof(
  { weight: 8, arbitrary: constantFrom(...actions) },
  record({ Action: string({ maxLength: 20 }), Version: constantFrom(IAM.version, '', '2010-05-08x', STS.version) }),
);
const NAMES = ['RoleName', 'UserName', 'PolicyName', 'PolicyArn', 'AccessKeyId', 'VersionId', 'Path'] as const;
/** What is nobody's name, nor anybody's ARN. */
const nobody = constantFrom(
  '',
  'a b',
  'ä',
  '/',
  'n'.repeat(200),
  '<&>"',
  'arn:aws:iam::000000000000:role/',
  '\u0000',
  '%',
);
const OTHERS = [
  ...['PolicyDocument', 'AssumeRolePolicyDocument', 'MaxItems', 'Marker', 'Description', 'Status', 'Scope'],
  ...['MaxSessionDuration', 'Tags.member.1.Key', 'TagKeys.member.1', 'PathPrefix', 'SetAsDefault', 'RoleArn', 'Action'],
];
const anything = oneof(
  string({ maxLength: 30 }),
  string({ unit: 'binary', maxLength: 8 }),
  constantFrom('{}', '[', '-1'),
);
const form = fc
  .tuple(
    action,
    dictionary(constantFrom(...NAMES), nobody),
    dictionary(constantFrom(...OTHERS), anything, { maxKeys: 4 }),
  )
  .map(([chosen, names, others]) => new URLSearchParams({ ...others, ...names, ...chosen }).toString());
const garbled = oneof(
  string({ maxLength: 60 }),
  constantFrom('Action', '=&=&', 'Action=%', 'Action=GetRole&Action=GetUser'),
);

/** Requests of the Query protocol that name nobody: for IAM and STS, which answer in XML. */
export const malformedQuery: fc.Arbitrary<WireRequest> = record({
  method: constant('POST'),
  path: constantFrom('/', '/?', '/?Action=GetRole'),
  headers: constant({ 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
  body: oneof({ weight: 4, arbitrary: form }, garbled),
});
