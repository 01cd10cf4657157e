import type { Invocation } from '../contract/invocation.ts';
import type { Outcome } from '../contract/outcome.ts';
import { type Arrival, Isolate } from '../isolate/isolate.ts';
import { type PreparedArtifact, type ThreadArtifact, toThreadArtifact } from '../isolate/prepared.ts';
import { MemoryPool } from '../snapshot/index.ts';

/** Isolates kept ready in one thread; each holds a memory of its own, whose address space is the scarce thing. */
const MAX_LIVE = 512;

/** The artifacts that a thread knows and the isolates it keeps, least recently used first. */
export class ThreadIsolates {
  readonly #artifacts = new Map<string, ThreadArtifact>();
  readonly #isolates = new Map<string, { readonly image: string; readonly isolate: Isolate }>();
  readonly #memories = new MemoryPool();
  /** The isolate whose guest runs now: its memory is its own until it has ended. */
  #running: Isolate | undefined;

  get live(): number {
    return this.#isolates.size;
  }

  learn(image: string, prepared: PreparedArtifact): void {
    this.#artifacts.set(image, toThreadArtifact(prepared));
  }

  /** May come while a guest runs, from inside its fuel check. */
  forget(image: string): void {
    this.#artifacts.delete(image);
    for (const [key, entry] of this.#isolates) {
      if (entry.image !== image) continue;
      if (entry.isolate === this.#running) this.#isolates.delete(key);
      else this.#drop(key);
    }
  }

  invoke(invocation: Invocation, arrival: Arrival, onSlice: (now: number) => void): Outcome {
    const { revision, image } = invocation.target;
    const kept = this.#isolates.get(revision);
    this.#isolates.delete(revision);
    const isolate = kept?.isolate ?? this.#create(invocation);
    this.#isolates.set(revision, { image, isolate });
    if (this.#isolates.size > MAX_LIVE) this.#drop(this.#isolates.keys().next().value as string);
    this.#running = isolate;
    const outcome = isolate.invoke(invocation, arrival, onSlice);
    this.#running = undefined;
    if (!this.#isolates.has(revision)) isolate.dispose();
    else if (!isolate.ready) this.#isolates.delete(revision);
    return outcome;
  }

  #create({ target }: Invocation): Isolate {
    const artifact = this.#artifacts.get(target.image);
    if (!artifact) throw new Error(`the thread was not given the artifact of ${target.arn}`);
    return new Isolate(artifact, target, this.#memories);
  }

  #drop(key: string): void {
    this.#isolates.get(key)?.isolate.dispose();
    this.#isolates.delete(key);
  }
}
