import { readLineage, withoutLineage } from '../capabilities/index.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { TakeTrace } from '../contract/tracer.ts';
import type { FunctionRegistry } from '../registry/index.ts';
import type { FollowTrace } from '../triggers/mappings/mapped-function.ts';

/** Why nothing is sent any more. */
export const ROUND_IN_CIRCLES =
  'it is reached by what it sends itself, through others or not, and was stopped after 16 turns.';

/** Counts how often a function comes in what follows from one another, by the lineage in the trace. */
export function createFollowTrace(deps: {
  readonly registry: Pick<FunctionRegistry, 'recursion'>;
  readonly takeTrace: TakeTrace;
}): FollowTrace {
  return (header, target) => {
    if (header === undefined) return deps.takeTrace(undefined);
    const lineage = readLineage(header).followedBy(target.arn);
    if (lineage.isLoopOf(target.arn) && !mayLoop(deps.registry, target)) return undefined;
    return lineage.writeTo(deps.takeTrace(withoutLineage(header)));
  };
}

function mayLoop({ recursion }: Pick<FunctionRegistry, 'recursion'>, { arn, name }: FunctionVersion): boolean {
  const [, , , region = '', accountId = ''] = arn.split(':');
  return recursion.get({ region, accountId }, name) === 'Allow';
}
