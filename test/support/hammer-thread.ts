import { parentPort } from 'node:worker_threads';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import {
  Isolate,
  MemoryPool,
  type PreparedArtifact,
  type ThreadArtifact,
  toThreadArtifact,
} from '../../runtime/isolate/index.ts';
import { createRestorer, type Restorer, type SharedMemory } from '../../runtime/snapshot/index.ts';

/** What a guest does after it has answered what it found; the first byte of its event. */
const DEEDS = ['look', 'fill', 'globals', 'grow', 'trap', 'spin', 'stride', 'recurse'] as const;

/** One function of the hammer, as a thread is given it. */
export interface Victim {
  readonly prepared: PreparedArtifact;
  /** What an untouched image's digest is. */
  readonly digest: string;
  /** The image's memory, byte for byte. */
  readonly reference: SharedArrayBuffer;
}

export interface HammerTask {
  readonly victims: readonly Victim[];
  readonly rounds: number;
  readonly seed: number;
}

/** What a thread has seen when it is done. */
export interface HammerReport {
  readonly rounds: number;
  readonly bytesCompared: number;
  readonly endings: Readonly<Record<string, number>>;
  /** The first thing that was not as it should be. */
  readonly wrong?: string;
}

interface Prepared {
  readonly victim: Victim;
  readonly artifact: ThreadArtifact;
  readonly restorer: Restorer;
}

const ARRIVAL = { queueMs: 0, compileMs: 0, workerMs: 0 };
const LIVE = 12;
/** What the guests' MemorySize of 128 MB allows. */
const MAXIMUM_PAGES = 2_048;

/** Invokes, restores and resets at random, on memories that all victims share, and checks every byte after each. */
class HammerThread {
  readonly #victims: readonly Prepared[];
  readonly #pool = new MemoryPool();
  readonly #live: { readonly isolate: Isolate; readonly victim: number }[] = [];
  readonly #endings: Record<string, number> = {};
  #bytesCompared = 0;
  #state: number;

  constructor({ victims, seed }: HammerTask) {
    this.#state = seed;
    this.#victims = victims.map((victim) => ({
      victim,
      artifact: toThreadArtifact(victim.prepared),
      restorer: createRestorer(victim.prepared.image?.memories[0] as SharedMemory),
    }));
  }

  run(rounds: number): HammerReport {
    let round = 0;
    let wrong: string | undefined;
    for (; round < rounds && wrong === undefined; round++) {
      wrong = this.#below(3) === 0 ? this.#checkMemory() : this.#checkInvocation();
      if (round === rounds >> 1) parentPort?.postMessage('half');
    }
    return { rounds: round, bytesCompared: this.#bytesCompared, endings: this.#endings, ...(wrong ? { wrong } : {}) };
  }

  /** A memory from the pool, restored, spoilt and reset some times; compared byte by byte. */
  #checkMemory(): string | undefined {
    const index = this.#below(this.#victims.length);
    const { victim, restorer } = this.#victims[index] as Prepared;
    const memory = this.#pool.take(restorer.pages, MAXIMUM_PAGES);
    restorer.restore(memory);
    for (let turn = this.#below(6); turn >= 0; turn--) {
      const view = Buffer.from(memory.buffer);
      const reference = new Uint8Array(victim.reference);
      this.#bytesCompared += view.length;
      if (view.compare(reference) !== 0) return `memory of image ${index} differs from it`;
      for (let writes = this.#below(5); writes > 0; writes--) {
        const at = this.#below(view.length);
        const length = this.#below(this.#below(10) === 0 ? view.length : 9_000);
        view.fill(1 + this.#below(255), at, Math.min(at + length, view.length));
      }
      if (turn === 0 && this.#below(4) === 0) memory.grow(1);
      else restorer.reset(memory);
    }
    this.#pool.give(memory, restorer.pages, MAXIMUM_PAGES);
    return undefined;
  }

  #checkInvocation(): string | undefined {
    const { isolate, victim: index } = this.#pick();
    const { victim, artifact } = this.#victims[index] as Prepared;
    const pages = artifact.restorers?.[0]?.pages ?? 0;
    const deed = this.#below(40) === 0 ? DEEDS.indexOf('spin') : this.#below(DEEDS.length);
    const event = Buffer.alloc(16);
    const from = 2_048 + this.#below(pages * 65_536 - 2_048);
    event.writeUInt8(DEEDS[deed] === 'spin' && this.#below(8) > 0 ? 0 : deed, 0);
    event.writeUInt8(1 + this.#below(255), 1);
    event.writeUInt32LE(from, 4);
    event.writeUInt32LE(this.#below(pages * 65_536 - from + 1), 8);
    const target = toVersion(index);
    const outcome = isolate.invoke({ requestId: 'r', target, event, receivedAt: 0, traceId: '' }, ARRIVAL);
    this.#endings[outcome.kind] = (this.#endings[outcome.kind] ?? 0) + 1;
    this.#bytesCompared += pages * 65_536;
    if (outcome.kind === 'crashed') return `an invocation of ${index} crashed: ${outcome.reason}`;
    if (outcome.kind !== 'succeeded') return undefined;
    const digest = Buffer.from(outcome.payload).toString();
    return digest === victim.digest
      ? undefined
      : `an invocation of ${index} found ${digest} instead of ${victim.digest}`;
  }

  /** A live isolate or a new one; the oldest goes when there are too many. */
  #pick(): { readonly isolate: Isolate; readonly victim: number } {
    const some = this.#live[this.#below(LIVE)];
    if (some) return some;
    const victim = this.#below(this.#victims.length);
    const { artifact } = this.#victims[victim] as Prepared;
    const made = { isolate: new Isolate(artifact, toVersion(victim), this.#pool), victim };
    if (this.#live.length === LIVE) this.#live.shift()?.isolate.dispose();
    this.#live.push(made);
    return made;
  }

  /** A whole number from 0, the same for the same seed. */
  #below(end: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * end);
  }
}

function toVersion(index: number): FunctionVersion {
  return {
    ...{
      arn: 'a',
      name: `f${index}`,
      version: '$LATEST',
      revision: `${index}`,
      artifact: 'a',
      image: 'i',
      package: 'p',
      role: '',
    },
    ...{
      handler: 'index.handler',
      timeoutMs: 30_000,
      memoryMb: 128,
      ephemeralStorageMb: 512,
      environment: {},
      logGroup: '/aws/lambda/f',
      logStream: '2026/11/21/[$LATEST]0f0f',
    },
    ...{ isolation: 'invocation', fuelBudget: 40_000_000 },
  };
}

// Not while the module is evaluated: V8 of Node 24 and 26 cannot be terminated there.
parentPort?.once('message', (task: HammerTask) => {
  parentPort?.postMessage(new HammerThread(task).run(task.rounds));
});
