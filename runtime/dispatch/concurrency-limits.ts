import type { RefusalReason } from '../contract/outcome.ts';

/** Invocations of one function, all its versions and aliases together, that were let in and have not ended. */
export interface FunctionLoad {
  readonly account: AccountLoad;
  /** What is reserved for the function: its most, and nobody else's. Undefined when it shares what the account has left. */
  reserved: number | undefined;
  inside: number;
}

/** The same of an account in a region. */
interface AccountLoad {
  /** The sum of its functions' reservations. */
  reserved: number;
  /** Invocations of its functions without a reservation. */
  unreservedInside: number;
}

/** Loads kept before idle ones are looked for and dropped. */
const KEPT = 1_024;

/**
 * Lambda's concurrency limits. A reservation is a function's ceiling and its floor: what is reserved is taken from what the
 * account's other functions share, whether it is used or not.
 */
export class ConcurrencyLimits {
  readonly #accountLimit: number;
  readonly #share: (count: number) => number;
  readonly #functions = new Map<string, FunctionLoad>();
  readonly #accounts = new Map<string, AccountLoad>();
  #sweepAt = KEPT;

  /**
   * `accountLimit`: invocations of one account in one region that may be inside together. `share`: how much of what is not
   * reserved may be inside here, where other processes have the rest.
   */
  constructor(accountLimit: number, share: (count: number) => number = (count) => count) {
    this.#accountLimit = accountLimit;
    this.#share = share;
  }

  /** Counts one more invocation in, or says why it may not come. What was let in is to be told to `leave`. */
  enter(arn: string): FunctionLoad | RefusalReason {
    const load = this.#functions.get(arn) ?? this.#add(arn);
    const { account, reserved } = load;
    if (reserved === undefined) {
      const room = this.#share(this.#accountLimit - account.reserved);
      if (account.unreservedInside >= room) return 'ConcurrentInvocationLimitExceeded';
      account.unreservedInside++;
    } else if (load.inside >= reserved) return 'ReservedFunctionConcurrentInvocationLimitExceeded';
    load.inside++;
    return load;
  }

  /** What is known of a function that something of was let in. */
  loadOf(arn: string): FunctionLoad | undefined {
    return this.#functions.get(arn);
  }

  leave(load: FunctionLoad): void {
    load.inside--;
    if (load.reserved === undefined) load.account.unreservedInside--;
  }

  /** Sets or, with undefined, lifts a function's reservation. What is inside stays. */
  reserve(arn: string, reserved: number | undefined): void {
    const load = this.#functions.get(arn) ?? this.#add(arn);
    const { account } = load;
    account.reserved += (reserved ?? 0) - (load.reserved ?? 0);
    if (load.reserved === undefined) account.unreservedInside -= load.inside;
    if (reserved === undefined) account.unreservedInside += load.inside;
    load.reserved = reserved;
  }

  #add(arn: string): FunctionLoad {
    if (this.#functions.size >= this.#sweepAt) this.#sweep();
    const scope = arn.slice(0, arn.lastIndexOf(':'));
    const account = this.#accounts.get(scope) ?? { reserved: 0, unreservedInside: 0 };
    this.#accounts.set(scope, account);
    const load = { account, reserved: undefined, inside: 0 };
    this.#functions.set(arn, load);
    return load;
  }

  #sweep(): void {
    for (const [arn, { inside, reserved }] of this.#functions) {
      if (inside === 0 && reserved === undefined) this.#functions.delete(arn);
    }
    this.#sweepAt = Math.max(KEPT, this.#functions.size * 2);
  }
}
