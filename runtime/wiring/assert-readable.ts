import type { Authorizer } from '../contract/authorizer.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import { MappingProblem } from '../triggers/mappings/mapped-function.ts';
import { explainRefusal } from './explain-refusal.ts';

export interface Reading {
  readonly authorizer: Pick<Authorizer, 'ready' | 'judge'>;
  /** The execution role. */
  readonly role: string;
  readonly actions: readonly string[];
  /** ARN of the source. */
  readonly resource: string;
  /** The source's own, if it has one here. */
  readonly policy?: PolicyDocument | undefined;
}

/** Throws a MappingProblem when a role may not do all that reading a source takes. */
export async function assertReadable({ authorizer, role, actions, resource, policy }: Reading): Promise<void> {
  await authorizer.ready();
  for (const action of actions) {
    const refused = explainRefusal(authorizer, { kind: 'role', arn: role }, { action, resource }, policy);
    if (refused !== undefined) throw new MappingProblem(refused);
  }
}
