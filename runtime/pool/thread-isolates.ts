import type { FunctionVersion } from '../contract/function-version.ts';
import type { Invocation } from '../contract/invocation.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { ChunkPort } from '../isolate/guest-output.ts';
import { type Arrival, Isolate, type IsolateHost } from '../isolate/isolate.ts';
import { type PreparedArtifact, type ThreadArtifact, toThreadArtifact } from '../isolate/prepared.ts';
import { MemoryPool } from '../snapshot/memory-pool.ts';

/** Isolates of a version that are restored ahead of their invocation. */
interface Provision {
  readonly target: FunctionVersion;
  /** Less than was asked for when one could not be started. */
  count: number;
  readonly spares: Isolate[];
  /** How many were restored when the main thread was told last. */
  told: number;
}

/** The artifacts that a thread knows and the isolates it keeps, until it is told to let them go. */
export class ThreadIsolates {
  readonly #artifacts = new Map<string, ThreadArtifact>();
  /** By revision. */
  readonly #versions = new Map<string, FunctionVersion>();
  readonly #isolates = new Map<string, Isolate>();
  readonly #provisions = new Map<string, Provision>();
  readonly #memories = new MemoryPool();
  readonly #host: IsolateHost;
  /** The isolate whose guest runs now: its memory is its own until it has ended. */
  #running: Isolate | undefined;

  constructor(host: IsolateHost) {
    this.#host = host;
  }

  get live(): number {
    let spares = 0;
    for (const provision of this.#provisions.values()) spares += provision.spares.length;
    return this.#isolates.size + spares;
  }

  learn(image: string, prepared: PreparedArtifact): void {
    this.#artifacts.set(image, toThreadArtifact(prepared));
  }

  /** Jobs of a version will come, which name its revision alone. */
  expect(version: FunctionVersion): void {
    this.#versions.set(version.revision, version);
  }

  version(revision: string): FunctionVersion {
    const version = this.#versions.get(revision);
    if (!version) throw new Error(`the thread was not told of revision ${revision}`);
    return version;
  }

  /** May come while a guest runs, from inside its fuel check. */
  forget(image: string): void {
    const artifact = this.#artifacts.get(image);
    this.#artifacts.delete(image);
    for (const version of this.#versions.values()) if (version.image === image) this.evict(version.revision);
    for (const { target } of this.#provisions.values()) if (target.image === image) this.provision(target, 0);
    this.#release(artifact);
  }

  provision(target: FunctionVersion, count: number): void {
    const { revision } = target;
    const spares = this.#provisions.get(revision)?.spares ?? [];
    this.expect(target);
    for (const spare of spares.splice(count)) spare.dispose();
    if (count > 0) this.#provisions.set(revision, { target, count, spares, told: 0 });
    else if (this.#provisions.delete(revision)) this.evict(revision);
  }

  /** True while `refill` has something to do. */
  get lacks(): boolean {
    return this.#lacking() !== undefined;
  }

  /** Restores one isolate that is provisioned; answers how many of its kind there are now. */
  refill(): { readonly revision: string; readonly restored: number } | undefined {
    const provision = this.#lacking();
    if (!provision) return undefined;
    const { target, spares } = provision;
    if (this.#restored(provision) < provision.count) {
      const isolate = this.#create(target);
      if (isolate.prepare()) spares.push(isolate);
      else provision.count = this.#restored(provision);
    }
    provision.told = this.#restored(provision);
    return { revision: target.revision, restored: provision.told };
  }

  /** May come while a guest runs, too: one that is not its own isolate any more is disposed of when it has ended. */
  evict(revision: string): void {
    const isolate = this.#isolates.get(revision);
    this.#isolates.delete(revision);
    this.#versions.delete(revision);
    if (isolate !== this.#running) isolate?.dispose();
  }

  invoke(invocation: Invocation, arrival: Arrival, onSlice: (now: number) => void, stream?: ChunkPort): Outcome {
    const { revision, image } = invocation.target;
    const spares = this.#provisions.get(revision)?.spares;
    const isolate = this.#isolates.get(revision) ?? spares?.shift() ?? this.#create(invocation.target);
    const artifact = this.#artifacts.get(image);
    this.#isolates.set(revision, isolate);
    this.#running = isolate;
    const outcome = isolate.invoke(invocation, arrival, onSlice, stream);
    this.#running = undefined;
    if (!this.#isolates.has(revision)) isolate.dispose();
    else if (!isolate.ready) this.#isolates.delete(revision);
    if (!this.#artifacts.has(image)) this.#release(artifact);
    return outcome;
  }

  /** What the guest that runs has logged since this was asked last. */
  news(): string {
    return this.#running?.news() ?? '';
  }

  /** An image that was forgotten goes from the memories that wait for another isolate, too. */
  #release(artifact: ThreadArtifact | undefined): void {
    for (const restorer of artifact?.restorers ?? []) this.#memories.release(restorer);
  }

  #lacking(): Provision | undefined {
    for (const provision of this.#provisions.values()) {
      const restored = this.#restored(provision);
      if (restored < provision.count || restored !== provision.told) return provision;
    }
    return undefined;
  }

  #restored({ target, spares }: Provision): number {
    return spares.length + (this.#isolates.has(target.revision) ? 1 : 0);
  }

  #create(target: FunctionVersion): Isolate {
    const artifact = this.#artifacts.get(target.image);
    if (!artifact) throw new Error(`the thread was not given the artifact of ${target.arn}`);
    return new Isolate(artifact, target, this.#memories, this.#host);
  }
}
