import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import type { PolicyDocument } from '../../contract/policy-document.ts';
import { parseOperator } from './conditions.ts';
import { MalformedPolicy } from './malformed-policy.ts';

/** What a policy belongs to: a user or role, a resource, or a role as those see it who want to take it on. */
export type PolicyUse = 'identity' | 'resource' | 'trust';

const SYNTAX = 'Syntax errors in policy.';
const DOCUMENT_MEMBERS = ['Version', 'Id', 'Statement'];
const STATEMENT_MEMBERS = [
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
];
const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/** Parses IAM's JSON. Throws a MalformedPolicy for what is no policy, or none that may stand at this place. */
export function parsePolicy(text: string, use: PolicyUse): PolicyDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedPolicy('This policy contains invalid Json');
  }
  const document = asObject(value);
  assertMembers(document, DOCUMENT_MEMBERS);
  const { Version: version, Id: id, Statement: statement } = document;
  assertThat(
    version === undefined || version === '2012-10-17' || version === '2008-10-17',
    'The policy must contain a valid version string',
  );
  assertThat(id === undefined || typeof id === 'string', SYNTAX);
  const statements = Array.isArray(statement) ? statement : [statement];
  assertThat(statements.length > 0, SYNTAX);
  for (const each of statements) assertStatement(asObject(each), use);
  assertSids(statements as readonly JsonObject[], use);
  return document as unknown as PolicyDocument;
}

function assertStatement(statement: JsonObject, use: PolicyUse): void {
  assertMembers(statement, STATEMENT_MEMBERS);
  const { Effect: effect, Condition: condition } = statement;
  assertThat(effect === 'Allow' || effect === 'Deny', SYNTAX);
  for (const action of oneOf(statement, 'Action', 'NotAction', 'Policy statement must contain actions.')) {
    assertThat(
      action === '*' || /^[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+$/.test(action),
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    );
  }
  assertResources(statement, use);
  assertPrincipals(statement, use);
  if (condition !== undefined) assertConditions(asObject(condition));
}

function assertResources(statement: JsonObject, use: PolicyUse): void {
  if (use === 'trust') {
    assertThat(!has(statement, 'Resource') && !has(statement, 'NotResource'), 'Has prohibited field Resource');
    return;
  }
  for (const resource of oneOf(statement, 'Resource', 'NotResource', 'Policy statement must contain resources.')) {
    assertThat(
      resource === '*' || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:./.test(resource) || /^arn:.*\*/.test(resource),
      `Resource ${resource} must be in ARN format or "*".`,
    );
  }
}

function assertPrincipals(statement: JsonObject, use: PolicyUse): void {
  const isNamed = has(statement, 'Principal') || has(statement, 'NotPrincipal');
  if (use === 'identity') {
    assertThat(!isNamed, 'Policy document should not specify a principal.');
    return;
  }
  assertThat(isNamed, 'Missing required field Principal');
  assertThat(!(has(statement, 'Principal') && has(statement, 'NotPrincipal')), SYNTAX);
  const principal = statement.Principal ?? statement.NotPrincipal;
  if (principal === '*') return;
  const kinds = Object.entries(asObject(principal));
  assertThat(kinds.length > 0, 'Invalid principal in policy');
  for (const [kind, values] of kinds) {
    assertThat(PRINCIPAL_KINDS.includes(kind) && isTexts(values), 'Invalid principal in policy');
  }
}

function assertConditions(condition: JsonObject): void {
  for (const [name, keys] of Object.entries(condition)) {
    assertThat(parseOperator(name) !== undefined, `Invalid Condition type : ${name}`);
    for (const [key, values] of Object.entries(asObject(keys))) {
      assertThat(key.includes(':'), 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
      const isValue = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
      assertThat(Array.isArray(values) ? values.length > 0 && values.every(isValue) : isValue(values), SYNTAX);
    }
  }
}

function assertSids(statements: readonly JsonObject[], use: PolicyUse): void {
  const sids = statements.flatMap(({ Sid: sid }) => (sid === undefined ? [] : [sid]));
  for (const sid of sids) {
    assertThat(typeof sid === 'string', SYNTAX);
    assertThat(
      use === 'resource' || /^[0-9A-Za-z]*$/.test(sid as string),
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  }
  assertThat(new Set(sids).size === sids.length, 'Statement IDs (SID) in a single policy must be unique.');
}

/** The texts under one of two members, of which exactly one must be there. */
function oneOf(statement: JsonObject, name: string, opposite: string, missing: string): readonly string[] {
  assertThat(has(statement, name) || has(statement, opposite), missing);
  assertThat(!(has(statement, name) && has(statement, opposite)), SYNTAX);
  const value = statement[name] ?? statement[opposite];
  assertThat(isTexts(value), SYNTAX);
  const texts = [value].flat() as string[];
  assertThat(texts.length > 0, missing);
  return texts;
}

function isTexts(value: unknown): value is string | readonly string[] {
  return typeof value === 'string' || (Array.isArray(value) && value.every((each) => typeof each === 'string'));
}

function has(object: JsonObject, name: string): boolean {
  return Object.hasOwn(object, name);
}

function asObject(value: unknown): JsonObject {
  assertThat(isJsonObject(value), SYNTAX);
  return value as JsonObject;
}

function assertMembers(object: JsonObject, known: readonly string[]): void {
  assertThat(
    Object.keys(object).every((name) => known.includes(name)),
    SYNTAX,
  );
}

function assertThat(holds: boolean, message: string): void {
  if (!holds) throw new MalformedPolicy(message);
}
