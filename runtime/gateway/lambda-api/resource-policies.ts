import { LambdaError } from '../../contract/errors.ts';
import { type PolicyDocument, statementsOf } from '../../contract/policy-document.ts';
import { Constraints } from '../../registry/constraints.ts';
import type { FunctionPolicy, FunctionRegistry } from '../../registry/function-registry.ts';
import { parseMembers } from './members.ts';
import type { ApiRequest, Operation } from './operation.ts';

const POLICY = '/2026-07-09/resource-policy/:ResourceArn';
const FUNCTION_ARN = /^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9-_]+(:[a-zA-Z0-9$_-]+)?$/;

/** The operations on a function's policy as a whole, which is the one that AddPermission adds to. */
export function resourcePolicyOperations({ policies }: FunctionRegistry): readonly Operation[] {
  return [
    {
      name: 'GetResourcePolicy',
      method: 'GET',
      path: POLICY,
      resource: resourceOf,
      handle: async (request) => ({ status: 200, body: shown(policies, request) }),
    },
    {
      name: 'PutResourcePolicy',
      method: 'PUT',
      path: POLICY,
      resource: resourceOf,
      handle: async (request) => {
        const members = parseMembers(request);
        const [text, revisionId] = [members.text('Policy'), members.text('RevisionId') || undefined];
        const constraints = new Constraints();
        constraints.required('policy', text);
        constraints.assertSatisfied();
        const document = await parseDocument(text ?? '');
        const change = { document, ...(revisionId === undefined ? {} : { revisionId }) };
        await policies.replace(request.scope, arnOf(request), change);
        return { status: 200, body: shown(policies, request) };
      },
    },
    {
      name: 'DeleteResourcePolicy',
      method: 'DELETE',
      path: POLICY,
      resource: resourceOf,
      handle: async (request) => {
        const revisionId = request.query.get('RevisionId') || undefined;
        await policies.replace(request.scope, arnOf(request), revisionId === undefined ? {} : { revisionId });
        return { status: 204 };
      },
    },
  ];
}

function shown(policies: FunctionRegistry['policies'], request: ApiRequest): Record<string, unknown> {
  const { document, revisionId } = policies.get(request.scope, arnOf(request), undefined);
  return { Policy: JSON.stringify(document), RevisionId: revisionId };
}

function resourceOf({ params }: ApiRequest): string | undefined {
  return params.ResourceArn;
}

/** The whole ARN of a function, a version or an alias. */
function arnOf({ params: { ResourceArn: arn = '' } }: ApiRequest): string {
  const constraints = new Constraints();
  constraints.matches('resourceArn', arn, FUNCTION_ARN);
  constraints.assertSatisfied();
  return arn;
}

/** What reads policies is loaded when a client first sends one. */
async function parseDocument(text: string): Promise<FunctionPolicy> {
  const [{ parsePolicy }, { MalformedPolicy }] = await Promise.all([
    import('../../identity/policy/parse-policy.ts'),
    import('../../identity/policy/malformed-policy.ts'),
  ]);
  try {
    const document: PolicyDocument = parsePolicy(text, 'resource');
    return { ...document, Statement: statementsOf(document) };
  } catch (error) {
    if (!(error instanceof MalformedPolicy)) throw error;
    throw new LambdaError('InvalidParameterValueException', error.message);
  }
}
