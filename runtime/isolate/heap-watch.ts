import v8 from 'node:v8';
import vm from 'node:vm';

/** What a guest is about. */
export interface HeapState {
  /** Bytes of the array that it is about to make, or 0. */
  readonly pending: number;
  /** Fuel since it began. */
  readonly burnt: number;
  readonly msLeft: number;
}

/**
 * Bounds what a guest keeps on the engine's heap: its objects, arrays and exceptions, which are in no memory. Every byte
 * of these costs the guest a unit of fuel, so between two looks it cannot have made more bytes than it burnt fuel; large
 * arrays are asked for before they are made. What V8 counts includes garbage: only once that is too much is it collected,
 * and what then is left counts.
 *
 *     heap |          ___|limit of this guest: what there was when it began, and its MemorySize
 *          |    ___---   |
 *          |---| ^ look ^ look, collect     never near the limit of the thread, at which V8 would end the process
 */
export class HeapWatch {
  readonly #limit: number;
  /** What the heap held of others when the guest began, and what the guest left in it when it last ended. */
  #others = 0;
  #kept = 0;
  #most = 0;
  #nextLook = 0;

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Before the guest runs: fuel counts from 0. */
  begin(): void {
    this.#others = usedByThread() - this.#kept;
    this.#nextLook = 0;
    this.#most = this.#kept;
  }

  /**
   * When the guest has ended and its objects are to be kept for the next invocation. False when what is kept in this
   * thread leaves too little to others: then they should not be.
   */
  keep(): boolean {
    const { used, limit } = usedHeap();
    this.#kept = Math.max(0, used - this.#others);
    return used < safePart(limit) / 2;
  }

  /** Most bytes seen at a look: the guest's objects, and garbage that was not collected yet. */
  get most(): number {
    return this.#most;
  }

  /**
   * Why the guest must stop: it has more than it may, or would with the `pending` bytes of an array that it is about to
   * make; or to make that or to find it out would take more than `msLeft`, in which nothing could stop it.
   */
  whyStop({ pending, burnt, msLeft }: HeapState): 'heap' | 'deadline' | undefined {
    if (pending === 0 && burnt < this.#nextLook) return undefined;
    if (pending > msLeft * ARRAY_BYTES_PER_MS) return 'deadline';
    let left = this.#left(pending);
    if (left <= 0) {
      if (usedHeap().used > msLeft * COLLECTED_BYTES_PER_MS) return 'deadline';
      collect();
      left = this.#left(pending) - this.#limit * WORTH_COLLECTING;
    }
    this.#nextLook = burnt + Math.max(LEAST_LOOK, left / 2);
    return left > 0 ? undefined : 'heap';
  }

  #left(pending: number): number {
    const { used, limit } = usedHeap();
    this.#most = Math.max(this.#most, used - this.#others);
    return Math.min(this.#others + this.#limit, safePart(limit)) - used - pending;
  }
}

/** Bytes that may be made between two looks even where hardly any are left: a look takes some microseconds. */
const LEAST_LOOK = 1024 * 1024;
/** V8 clears a new array at about this rate where all of its pages are new. */
const ARRAY_BYTES_PER_MS = 1_000_000;
/** The slowest collection: of one long list. */
const COLLECTED_BYTES_PER_MS = 250_000;
/** Part of its limit that must be free after a collection, so that no guest collects all the time. */
const WORTH_COLLECTING = 1 / 16;
/** What V8's limit has for young objects on top of the limit for old ones, at which it ends the process or the thread. */
const YOUNG_BYTES = 192 * 1024 * 1024;
/** Part of the rest that may be used. */
const SAFE = 3 / 4;

/** Garbage that may lie about when a guest begins, which it could fill in beyond its own limit. */
const LITTLE_GARBAGE = 32 * 1024 * 1024;

/** Of this thread, after the last time that it was collected for a guest to begin. */
let settled = 0;

function usedByThread(): number {
  const { used } = usedHeap();
  if (used < settled + LITTLE_GARBAGE) return used;
  collect();
  settled = usedHeap().used;
  return settled;
}

function safePart(limit: number): number {
  return Math.max(limit - YOUNG_BYTES, limit / 4) * SAFE;
}

function usedHeap(): { used: number; limit: number } {
  const { used_heap_size: used, heap_size_limit: limit } = v8.getHeapStatistics();
  return { used, limit };
}

let collector: (() => void) | undefined;

/** V8 gives the function that collects everything only to contexts made while this flag is set. */
function collect(): void {
  if (!collector) {
    v8.setFlagsFromString('--expose-gc');
    collector = vm.runInNewContext('gc') as () => void;
    v8.setFlagsFromString('--no-expose-gc');
  }
  collector();
}
