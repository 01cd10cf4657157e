import type { ConditionContext } from '../../contract/authorizer.ts';
import { Constraints } from '../../registry/constraints.ts';
import type { FunctionRegistry } from '../../registry/function-registry.ts';
import type { Grant } from '../../registry/policy-statement.ts';
import { nameOf, qualifierOf } from './functions.ts';
import { type Members, parseMembers } from './members.ts';
import type { Operation } from './operation.ts';

const POLICY = '/2015-03-31/functions/:FunctionName/policy';

/** The operations on resource policies of functions, their versions and aliases. */
export function policyOperations({ policies }: FunctionRegistry): readonly Operation[] {
  return [
    {
      name: 'AddPermission',
      method: 'POST',
      path: POLICY,
      contexts: (request) => [toGrantContext(parseMembers(request))],
      handle: async (request) => {
        const members = parseMembers(request);
        const grant = parseGrant(members);
        const revisionId = members.text('RevisionId') || undefined;
        const change = { ...grant, ...(revisionId === undefined ? {} : { revisionId }) };
        const statement = await policies.add(request.scope, nameOf(request), qualifierOf(request), change);
        return { status: 201, body: { Statement: JSON.stringify(statement) } };
      },
    },
    {
      name: 'GetPolicy',
      method: 'GET',
      path: POLICY,
      handle: async (request) => {
        const { document, revisionId } = policies.get(request.scope, nameOf(request), qualifierOf(request));
        return { status: 200, body: { Policy: JSON.stringify(document), RevisionId: revisionId } };
      },
    },
    {
      name: 'RemovePermission',
      method: 'DELETE',
      path: `${POLICY}/:StatementId`,
      handle: async (request) => {
        const { StatementId: statementId = '' } = request.params;
        const revisionId = request.query.get('RevisionId') || undefined;
        const change = { statementId, ...(revisionId === undefined ? {} : { revisionId }) };
        await policies.remove(request.scope, nameOf(request), qualifierOf(request), change);
        return { status: 204 };
      },
    },
  ];
}

/** By these a policy can keep its users from opening functions to the world. */
function toGrantContext(members: Members): ConditionContext {
  const [principal, authType] = [members.text('Principal'), members.text('FunctionUrlAuthType')];
  return {
    ...(principal === undefined ? {} : { 'lambda:Principal': principal }),
    ...(authType === undefined ? {} : { 'lambda:FunctionUrlAuthType': authType }),
  };
}

function parseGrant(members: Members): Grant {
  const constraints = new Constraints();
  const required = (name: 'StatementId' | 'Action' | 'Principal'): string => {
    const value = members.text(name);
    constraints.required(`${name.charAt(0).toLowerCase()}${name.slice(1)}`, value);
    return value ?? '';
  };
  const named = { statementId: required('StatementId'), action: required('Action'), principal: required('Principal') };
  const authType = members.text('FunctionUrlAuthType');
  const optional = {
    sourceArn: members.text('SourceArn'),
    sourceAccount: members.text('SourceAccount'),
    eventSourceToken: members.text('EventSourceToken'),
    principalOrgId: members.text('PrincipalOrgID'),
    functionUrlAuthType: constraints.oneOf('functionUrlAuthType', authType, ['NONE', 'AWS_IAM']),
    invokedViaFunctionUrl: members.flag('InvokedViaFunctionUrl'),
  };
  constraints.assertSatisfied();
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  return { ...named, ...Object.fromEntries(given) };
}
