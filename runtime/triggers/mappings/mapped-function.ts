import { randomUUID } from 'node:crypto';
import { LambdaError } from '../../contract/errors.ts';
import type { FunctionVersion } from '../../contract/function-version.ts';
import type { Invoker } from '../../contract/invoker.ts';
import type { Outcome } from '../../contract/outcome.ts';
import type { Scope } from '../../contract/scope.ts';
import type { EventTargets } from '../run-event.ts';

export interface MappedFunctionDeps {
  readonly targets: EventTargets;
  readonly invoke: Invoker;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly followTrace: FollowTrace;
}

/** The trace of an invocation, from that of the message that leads to it; undefined when that goes round in circles. */
export type FollowTrace = (header: string | undefined, target: FunctionVersion) => string | undefined;

/** Why a mapping cannot read or invoke now, in a sentence for whoever looks at it. */
export class MappingProblem extends Error {
  override readonly name = 'MappingProblem';
}

/** What a mapping leads to: a function, perhaps by a version or an alias, as it is at the moment. */
export class MappedFunction {
  readonly #deps: MappedFunctionDeps;
  readonly #scope: Scope;
  readonly #functionName: string;
  readonly #qualifier: string | undefined;

  constructor(functionArn: string, deps: MappedFunctionDeps) {
    const [, , , region = '', accountId = '', , name = '', qualifier] = functionArn.split(':');
    this.#deps = deps;
    this.#scope = { region, accountId };
    this.#functionName = name;
    this.#qualifier = qualifier;
  }

  /** Throws a MappingProblem when there is none that can run. */
  async version(): Promise<FunctionVersion> {
    const { targets } = this.#deps;
    await targets.ready(this.#scope, this.#functionName);
    return asProblem(() => targets.resolve(this.#scope, this.#functionName, this.#qualifier));
  }

  /** Concurrency reserved for it. Throws a MappingProblem when it is gone. */
  get reserved(): number | undefined {
    const { targets } = this.#deps;
    return asProblem(() => targets.handling(this.#scope, this.#functionName, this.#qualifier).reserved);
  }

  /** `traceHeaders`: those that came with messages; absent for records, which have none. Throws a MappingProblem when it cannot run. */
  async invoke(
    event: Uint8Array,
    traceHeaders?: readonly string[],
  ): Promise<{ readonly requestId: string; readonly target: FunctionVersion; readonly outcome: Outcome }> {
    const target = await this.version();
    const requestId = randomUUID();
    const traceId = this.#deps.followTrace(traceHeaders?.[0], target);
    if (traceId === undefined) {
      throw new MappingProblem(`${target.arn} is reached by what it sends itself, and was stopped after 16 turns.`);
    }
    const trigger = traceHeaders === undefined ? 'datasource' : 'pubsub';
    const outcome = await this.#deps.invoke({
      ...{ requestId, target, event, receivedAt: this.#deps.clock(), traceId, trigger },
      causes: traceHeaders ?? [],
    });
    return { requestId, target, outcome };
  }
}

function asProblem<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof LambdaError) throw new MappingProblem(error.message);
    throw error;
  }
}
