import { LambdaError } from '../contract/errors.ts';
import type { Scope } from '../contract/scope.ts';
import { Turns } from '../store/turns.ts';
import type { Attachments } from './attachments.ts';
import { functionNotFound, LATEST, parseFunctionKey, toFunctionArn } from './function-name.ts';
import type { Entry, FunctionTable } from './function-table.ts';

/** Where concurrency is limited. */
export interface ConcurrencyLimiter {
  /** Invocations of one account in one region that may run and wait together. */
  readonly accountLimit: number;
  /** Lets at most `count` invocations of a function in, and keeps room for as many; undefined lifts that. */
  reserve(functionArn: string, count: number | undefined): void;
}

export interface ReservedConcurrencyDeps {
  readonly attachments: Attachments;
  readonly functions: FunctionTable;
  readonly limiter: ConcurrencyLimiter;
}

/** What Lambda keeps for functions without a reservation. */
export const LEAST_UNRESERVED = 100;
const KIND = 'reserved-concurrency';

/** Concurrency that functions have for themselves, out of their account's. */
export class ReservedConcurrency {
  readonly #deps: ReservedConcurrencyDeps;
  /** Reservations of one account are weighed against each other, so they are made one after another. */
  readonly #turns = new Turns();

  constructor(deps: ReservedConcurrencyDeps) {
    this.#deps = deps;
    deps.functions.watch((before, after) => this.#follow(before, after));
  }

  get accountLimit(): number {
    return this.#deps.limiter.accountLimit;
  }

  async put(scope: Scope, reference: string, reserved: number): Promise<void> {
    const { functions, attachments } = this.#deps;
    const key = parseFunctionKey(scope, reference);
    if (!functions.has(key)) throw functionNotFound(key, LATEST);
    await this.#turns.take(`${scope.accountId}/${scope.region}`, () =>
      attachments.change(key, LATEST, KIND, (current, entry) => {
        const before = current?.reserved ?? 0;
        this.#assertRoom(scope, before, reserved);
        assertProvisionedFits(entry, reserved);
        return { kind: KIND, reserved };
      }),
    );
  }

  /** Undefined when the function has no reservation. */
  get(scope: Scope, reference: string): number | undefined {
    return reservedOf(this.#deps.functions.find(parseFunctionKey(scope, reference)));
  }

  /** One that is not there is no error, as on AWS. */
  async delete(scope: Scope, reference: string): Promise<void> {
    const key = parseFunctionKey(scope, reference);
    this.#deps.functions.find(key);
    await this.#deps.attachments.change(key, LATEST, KIND, () => undefined);
  }

  /** What the scope's functions without a reservation share. */
  unreserved({ region, accountId }: Scope): number {
    let rest = this.accountLimit;
    for (const entry of this.#deps.functions.all()) {
      const { record } = entry;
      if (record.region === region && record.accountId === accountId) rest -= reservedOf(entry) ?? 0;
    }
    return rest;
  }

  #assertRoom(scope: Scope, before: number, reserved: number): void {
    if (reserved <= before || this.unreserved(scope) + before - reserved >= LEAST_UNRESERVED) return;
    throw refused(
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}].`,
    );
  }

  #follow(before: Entry | undefined, after: Entry | undefined): void {
    const [had, has] = [before && reservedOf(before), after && reservedOf(after)];
    const entry = after ?? before;
    if (entry !== undefined && had !== has) this.#deps.limiter.reserve(toFunctionArn(entry.record), has);
  }
}

export function reservedOf({ attached }: Entry): number | undefined {
  return attached.get(KIND, LATEST)?.reserved;
}

/** A reservation holds what is provisioned for the function. */
function assertProvisionedFits({ attached }: Entry, reserved: number): void {
  const provisioned = attached.list('provisioned').reduce((sum, { attachment }) => sum + attachment.requested, 0);
  if (provisioned <= reserved) return;
  throw refused(
    ` ReservedConcurrentExecutions  ${reserved} should not be lower than function's total provisioned concurrency [${provisioned}].`,
  );
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
