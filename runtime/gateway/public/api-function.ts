import { type ApiRecord, expandVariables, type StageRecord, toFunctionArn } from '../../apis/index.ts';
import type { Authorizer, Principal } from '../../contract/authorizer.ts';
import { LambdaError } from '../../contract/errors.ts';
import type { FunctionVersion } from '../../contract/function-version.ts';
import type { Resolver } from '../resolver.ts';
import type { Rarely } from './rarely.ts';

export interface ApiFunctionDeps {
  readonly authorizer: Authorizer;
  readonly resolver: Resolver;
  /** Tells the operator. */
  readonly rarely: Rarely;
}

/** A function that an API wants to invoke. */
export interface ApiFunction {
  readonly api: ApiRecord;
  readonly stage: StageRecord;
  /** What the integration or authorizer names. */
  readonly uri: string;
  /** By which the function's policy knows the API: `arn:aws:execute-api:...`. */
  readonly sourceArn: string;
  /** A role to ask in place of the function's policy. */
  readonly roleArn?: string | undefined;
}

/**
 * The version that an API leads to, if it may invoke it: its role or the function's policy must say so, but for an API of the
 * operator's own file. Undefined when there is none, or none for this API; the operator reads why.
 */
export async function findApiFunction(
  deps: ApiFunctionDeps,
  wanted: ApiFunction,
): Promise<FunctionVersion | undefined> {
  const { api, stage, uri } = wanted;
  const arn = expandVariables(toFunctionArn(uri, 'integrationUri'), stage.stageVariables);
  if (arn === undefined) return refuse(deps, wanted, `the variables of its stage ${stage.stageName} name no function`);
  const [, , , region = '', accountId = '', , name = '', qualifier] = arn.split(':');
  const scope = { region, accountId };
  await deps.resolver.ready(scope, name);
  if (!api.isFixed && !(await mayInvoke(deps, wanted, arn))) {
    const who = wanted.roleArn ?? 'the policy of the function';
    return refuse(deps, wanted, `${who} does not allow it to invoke ${arn} for ${wanted.sourceArn}`);
  }
  try {
    return deps.resolver.resolve(scope, name, qualifier);
  } catch (error) {
    if (!(error instanceof LambdaError)) throw error;
    return refuse(deps, wanted, error.message);
  }
}

const SERVICE = 'apigateway.amazonaws.com';

async function mayInvoke(
  { authorizer, resolver }: ApiFunctionDeps,
  { api, roleArn, sourceArn }: ApiFunction,
  arn: string,
): Promise<boolean> {
  await authorizer.ready();
  const [, , , region = '', accountId = '', , name = '', qualifier] = arn.split(':');
  const resource = qualifier === '$LATEST' ? arn.slice(0, -':$LATEST'.length) : arn;
  const action = 'lambda:InvokeFunction';
  const policy = resolver.policyOf({ region, accountId }, name, qualifier);
  const context = { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': api.accountId };
  const principal: Principal =
    roleArn === undefined
      ? { kind: 'service', name: SERVICE }
      : {
          kind: 'role',
          accountId: roleArn.split(':')[4] ?? '',
          arn: roleArn,
          takenBy: { service: SERVICE, sourceArn },
        };
  return authorizer.judge({ principal, action, resource, context }, policy).decision === 'allowed';
}

function refuse({ rarely }: ApiFunctionDeps, { api: { apiId } }: ApiFunction, why: string): undefined {
  rarely.warn(`The API ${apiId} cannot invoke its function: ${why}.`);
}
