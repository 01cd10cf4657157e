import type { FunctionVersion } from '../contract/function-version.ts';
import type { ProcessArtifact } from './artifacts.ts';
import type { Thread } from './thread.ts';

/** Isolates of one version that are to be there before anyone asks. */
interface Provision {
  readonly version: FunctionVersion;
  readonly count: number;
  readonly artifact: Promise<ProcessArtifact>;
}

/** What is kept restored ahead, spread evenly over the threads. */
export class Provisions {
  readonly #provisions = new Map<string, Provision>();
  readonly #threads: ReadonlySet<Thread>;
  readonly #prepare: (version: FunctionVersion) => Promise<ProcessArtifact>;

  constructor(threads: ReadonlySet<Thread>, prepare: (version: FunctionVersion) => Promise<ProcessArtifact>) {
    this.#threads = threads;
    this.#prepare = prepare;
  }

  /** Keeps `count` isolates of a version restored; 0 lets them go. Rejects when the version cannot be loaded. */
  async set(version: FunctionVersion, count: number): Promise<void> {
    const { revision } = version;
    const known = this.#provisions.get(revision);
    if (count === 0) {
      this.#provisions.delete(revision);
      for (const thread of this.#threads) thread.unprovision(revision);
      (await known?.artifact)?.unpin();
      return;
    }
    const provision = { version, count, artifact: known?.artifact ?? this.#pin(version) };
    this.#provisions.set(revision, provision);
    try {
      await this.#spread(provision);
    } catch (error) {
      if (this.#provisions.get(revision) === provision) this.#provisions.delete(revision);
      throw error;
    }
  }

  /** Isolates of a version that are restored now. */
  ready(revision: string): number {
    let ready = 0;
    for (const thread of this.#threads) ready += thread.provisioned(revision);
    return ready;
  }

  /** For a thread that has come in place of another one. */
  spreadAgain(): void {
    for (const provision of this.#provisions.values()) void this.#spread(provision).catch(() => undefined);
  }

  async #spread(provision: Provision): Promise<void> {
    const { version, count } = provision;
    const artifact = await provision.artifact;
    if (this.#provisions.get(version.revision) !== provision) return;
    const { size } = this.#threads;
    for (const [index, thread] of [...this.#threads].entries()) {
      const share = Math.floor(count / size) + (index < count % size ? 1 : 0);
      if (share > 0) thread.provision(version, artifact, share);
      else thread.unprovision(version.revision);
    }
  }

  async #pin(version: FunctionVersion): Promise<ProcessArtifact> {
    let artifact = await this.#prepare(version);
    while (artifact.retired) artifact = await this.#prepare(version);
    artifact.pin();
    return artifact;
  }
}
