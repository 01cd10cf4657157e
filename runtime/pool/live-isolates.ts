/** An isolate that a thread was made to keep. */
export interface LiveIsolate {
  readonly revision: string;
  readonly image: string;
  /** Memories that it takes, at least one. */
  readonly memories: number;
  /** Makes its thread let it go, when what was sent to it before has run. */
  evict(): void;
}

/**
 * The isolates of all threads, least recently used first. Each memory reserves gigabytes of address space, of which there
 * is an end, so beyond `most` memories the oldest isolates go, whichever thread they are in.
 */
export class LiveIsolates {
  readonly #most: number;
  readonly #isolates = new Set<LiveIsolate>();
  #memories = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Notes that an isolate is used now; answers those that must go for it. */
  use(isolate: LiveIsolate): readonly LiveIsolate[] {
    if (!this.#isolates.delete(isolate)) this.#memories += isolate.memories;
    this.#isolates.add(isolate);
    if (this.#memories <= this.#most) return [];
    const going: LiveIsolate[] = [];
    for (const oldest of this.#isolates) {
      if (this.#memories <= this.#most || oldest === isolate) break;
      this.drop(oldest);
      going.push(oldest);
    }
    return going;
  }

  /** Memories of isolates that never go by themselves leave less for the others. */
  reserve(memories: number): void {
    this.#memories += memories;
  }

  drop(isolate: LiveIsolate): void {
    if (this.#isolates.delete(isolate)) this.#memories -= isolate.memories;
  }
}
