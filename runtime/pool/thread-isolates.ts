import type { Invocation } from '../contract/invocation.ts';
import type { Outcome } from '../contract/outcome.ts';
import { type Arrival, Isolate } from '../isolate/isolate.ts';
import { type PreparedArtifact, type ThreadArtifact, toThreadArtifact } from '../isolate/prepared.ts';
import { MemoryPool } from '../snapshot/index.ts';

/** The artifacts that a thread knows and the isolates it keeps, until it is told to let them go. */
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
    for (const [revision, entry] of this.#isolates) if (entry.image === image) this.evict(revision);
  }

  /** May come while a guest runs, too: one that is not its own isolate any more is disposed of when it has ended. */
  evict(revision: string): void {
    const isolate = this.#isolates.get(revision)?.isolate;
    this.#isolates.delete(revision);
    if (isolate !== this.#running) isolate?.dispose();
  }

  invoke(invocation: Invocation, arrival: Arrival, onSlice: (now: number) => void): Outcome {
    const { revision, image } = invocation.target;
    const isolate = this.#isolates.get(revision)?.isolate ?? this.#create(invocation);
    this.#isolates.set(revision, { image, isolate });
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
}
