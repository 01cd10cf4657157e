import type { FunctionLines, KeepLines } from '../contract/function-lines.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { Invocation } from '../contract/invocation.ts';
import type { Logged, Ran } from '../events/platform-log.ts';

/** What is held of an invocation until its lines are written: nothing of its event and its answer. */
interface Held {
  readonly requestId: string;
  readonly target: FunctionVersion;
  readonly at: number;
  readonly log: string;
  /** Absent while it runs. */
  readonly outcome?: Logged;
  readonly hasBegun: boolean;
}

/** Of invocations whose lines were taken. */
export interface LineCounts {
  kept: number;
  lost: number;
}

/** Lines are written this often, in milliseconds, or as soon as a batch of `BATCH_CHARS` is full: what a crash loses. */
const FLUSH_MS = 500;
const BATCH_CHARS = 256 * 1024;
/** What an invocation counts for besides what it said. */
const INVOCATION_CHARS = 256;
/** Held at most while the disk is slow; what comes then is dropped and counted. */
const HELD_CHARS = 16 * 1024 * 1024;
/** A disk that takes nothing is heard of this often, in milliseconds. */
const LOST_MS = 10_000;

/** The lines of invocations on their way to their log groups: an invocation costs an object in a list, and the rest is done for many. */
export class FunctionLog {
  readonly #lost: (invocations: number, reason: string) => void;
  readonly #counts: LineCounts = { kept: 0, lost: 0 };
  #keep: KeepLines | undefined;
  /** By request: how much of the log of one that still runs was taken. */
  readonly #told = new Map<string, number>();
  #held: Held[] = [];
  #chars = 0;
  #dropped = 0;
  /** Lost, and not said so yet. */
  #unsaid = 0;
  #saidAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  /** `lost` hears how many invocations' lines were lost, and why. */
  constructor(lost: (invocations: number, reason: string) => void) {
    this.#lost = lost;
  }

  get counts(): Readonly<LineCounts> {
    return this.#counts;
  }

  /** From now on lines have somewhere to go; until then, and without that, none are taken. */
  open(keep: KeepLines): void {
    this.#keep = keep;
  }

  take({ requestId, target }: Invocation, outcome: Ran, at: number): void {
    if (this.#keep === undefined) return;
    const told = this.#told.size === 0 ? undefined : this.#told.get(requestId);
    if (told !== undefined) this.#told.delete(requestId);
    if (this.#chars > HELD_CHARS) {
      this.#dropped += 1;
      return;
    }
    const log = told === undefined ? outcome.log : outcome.log.slice(told);
    this.#hold({ requestId, target, at, log, outcome: withoutPayload(outcome), hasBegun: told !== undefined });
  }

  /** Takes what an invocation has logged that still runs, or since that was told last; the rest comes with its end. */
  takePart({ requestId, target }: Invocation, log: string, at: number): void {
    if (this.#keep === undefined || this.#chars > HELD_CHARS) return;
    const told = this.#told.get(requestId);
    this.#told.set(requestId, (told ?? 0) + log.length);
    this.#hold({ requestId, target, at, log, hasBegun: told !== undefined });
  }

  /** Resolves when what was taken before is kept, or lost. */
  async settled(): Promise<void> {
    await this.#writing;
    this.#write();
    await this.#writing;
  }

  #hold(held: Held): void {
    this.#held.push(held);
    this.#chars += INVOCATION_CHARS + held.log.length;
    if (this.#chars >= BATCH_CHARS) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), FLUSH_MS).unref();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const keep = this.#keep;
    if (keep === undefined || this.#writing !== undefined || this.#held.length === 0) return;
    const held = this.#held;
    this.#held = [];
    this.#chars = 0;
    this.#writing = this.#hand(held, keep).finally(() => {
      this.#writing = undefined;
      if (this.#chars >= BATCH_CHARS) this.#write();
      else if (this.#held.length > 0) this.#timer ??= setTimeout(() => this.#write(), FLUSH_MS).unref();
    });
  }

  async #hand(held: readonly Held[], keep: KeepLines): Promise<void> {
    for (const part of split(held)) {
      try {
        await keep(await toLines(part));
        this.#counts.kept += part.length;
      } catch (error) {
        this.#lose(part.length, (error as Error).message);
      }
    }
    if (this.#dropped > 0) this.#lose(this.#dropped, 'they came faster than they could be written');
    this.#dropped = 0;
  }

  #lose(invocations: number, reason: string): void {
    this.#counts.lost += invocations;
    this.#unsaid += invocations;
    const now = performance.now();
    if (now - this.#saidAt < LOST_MS) return;
    this.#lost(this.#unsaid, reason);
    this.#unsaid = 0;
    this.#saidAt = now;
  }
}

/** Into batches, so that whoever has much to write leaves others their turn. */
function* split(held: readonly Held[]): Generator<readonly Held[]> {
  let [start, chars] = [0, 0];
  for (const [index, { log }] of held.entries()) {
    chars += INVOCATION_CHARS + log.length;
    if (chars < BATCH_CHARS && index < held.length - 1) continue;
    yield held.slice(start, index + 1);
    [start, chars] = [index + 1, 0];
  }
}

async function toLines(held: readonly Held[]): Promise<readonly FunctionLines[]> {
  const { toLogEntry } = await import('../events/logged-invocation.ts');
  const byTarget = new Map<FunctionVersion, Held[]>();
  for (const each of held) {
    const others = byTarget.get(each.target);
    if (others === undefined) byTarget.set(each.target, [each]);
    else others.push(each);
  }
  return [...byTarget].map(([{ arn, role, logGroup, logStream, jsonLog }, all]) => ({
    owner: { arn, role, logGroup, logStream },
    entries: all.map(({ requestId, target, at, log, outcome, hasBegun }) =>
      toLogEntry({
        ...{ at, invocation: { requestId, target }, log },
        ...(outcome ? { outcome } : {}),
        ...(hasBegun ? { hasBegun } : {}),
        ...(jsonLog ? { jsonLog } : {}),
      }),
    ),
    from: (all[0] as Held).at,
    to: (all.at(-1) as Held).at,
  }));
}

function withoutPayload(outcome: Ran): Logged {
  if (outcome.kind !== 'succeeded') return outcome;
  const { kind, report, log } = outcome;
  return { kind, report, log };
}
