import type { Invocation } from '../runtime/contract/invocation.ts';
import type { Report } from '../runtime/contract/outcome.ts';
import { buildArtifact, Isolate, MemoryPool, type ThreadArtifact, toThreadArtifact } from '../runtime/isolate/index.ts';
import { closeImage, shareImage } from '../runtime/snapshot/index.ts';
import { toBenchVersion, toDistinctModule } from './guests.ts';
import { BenchFailed } from './options.ts';
import { measurePageFaults, type PageFaults } from './page-faults.ts';
import { type Percentiles, percentiles } from './statistics.ts';
import type { Subject } from './subject.ts';

/** What one function costs inside a thread; times in microseconds but for compiling. */
export interface InThread {
  readonly name: string;
  /** How its image comes back; `none` when it has none and initialises in every isolate. */
  readonly way: 'mapped' | 'copied' | 'none';
  readonly compileMs: number;
  readonly instantiate: Percentiles;
  readonly restore: Percentiles;
  /** Instantiate and restore together, of the same starts. */
  readonly cold: Percentiles;
  /** A whole call, guest and reset included, from a fresh image each time. */
  readonly fresh: Percentiles;
  /** The same on an isolate that keeps its state. */
  readonly reused: Percentiles;
  /** What touching a page of the restored memory costs; absent where there is no image. */
  readonly pageFaults: PageFaults | undefined;
}

const ARRIVAL = { queueMs: 0, compileMs: 0, workerMs: 0 };
const COMPILES = 5;

/** Measures all subjects in turn, round by round, so that noise of the machine falls on all of them alike. */
export async function measureInThread(subjects: readonly Subject[], rounds: number): Promise<InThread[]> {
  const benches: SubjectBench[] = [];
  for (const subject of subjects) benches.push(await SubjectBench.create(subject));
  for (let round = -Math.ceil(rounds / 5); round < rounds; round++) {
    for (const bench of benches) bench.turn(round);
  }
  const results = benches.map((bench) => bench.result());
  for (const bench of benches) bench.close();
  return results;
}

/** One subject with its isolates and its samples. */
class SubjectBench {
  readonly #subject: Subject;
  readonly #artifact: ThreadArtifact;
  readonly #compileMs: number;
  readonly #memories = new MemoryPool();
  readonly #invocations: Readonly<Record<'cold' | 'invocation' | 'environment', Invocation>>;
  readonly #kept: Readonly<Record<'invocation' | 'environment', Isolate>>;
  readonly #samples = { instantiate: [], restore: [], cold: [], fresh: [], reused: [] } as Record<
    'instantiate' | 'restore' | 'cold' | 'fresh' | 'reused',
    number[]
  >;

  private constructor(subject: Subject, artifact: ThreadArtifact, compileMs: number) {
    this.#subject = subject;
    this.#artifact = artifact;
    this.#compileMs = compileMs;
    const of = (revision: string, isolation: 'invocation' | 'environment'): Invocation =>
      invocationOf(
        { ...toBenchVersion(revision, subject.memoryMb, isolation), handler: subject.handler },
        subject.event,
      );
    this.#invocations = {
      cold: of('cold', 'invocation'),
      invocation: of('fresh', 'invocation'),
      environment: of('reused', 'environment'),
    };
    const keep = (isolation: 'invocation' | 'environment'): Isolate =>
      new Isolate(artifact, this.#invocations[isolation].target, this.#memories);
    this.#kept = { invocation: keep('invocation'), environment: keep('environment') };
  }

  static async create(subject: Subject): Promise<SubjectBench> {
    const built = buildArtifact(subject.module, subject);
    if (built.kind === 'refused') throw new BenchFailed(`${subject.name} cannot be run: ${built.message}`);
    const compiles: number[] = [];
    let module: WebAssembly.Module | undefined;
    for (let time = 0; time < COMPILES; time++) {
      const code = toDistinctModule(built.code, time) as Uint8Array<ArrayBuffer>;
      const began = performance.now();
      module = await WebAssembly.compile(code);
      compiles.push(performance.now() - began);
    }
    const image = built.image && (await shareImage(built.image, 'auto'));
    const prepared = {
      manifest: built.manifest,
      module: module as WebAssembly.Module,
      image,
      files: new Map(),
      layers: new Map(),
    };
    return new SubjectBench(subject, toThreadArtifact(prepared), percentiles(compiles).p50);
  }

  /** One cold start, one call from a fresh image, one on kept state; rounds below zero warm up. */
  turn(round: number): void {
    const isolate = new Isolate(this.#artifact, this.#invocations.cold.target, this.#memories);
    const { cold } = this.#call(isolate, 'cold');
    isolate.dispose();
    const fresh = this.#timed('invocation');
    const reused = this.#timed('environment');
    if (round < 0 || !cold) return;
    this.#samples.instantiate.push(cold.instantiateMs * 1000);
    this.#samples.restore.push(cold.restoreMs * 1000);
    this.#samples.cold.push((cold.instantiateMs + cold.restoreMs) * 1000);
    this.#samples.fresh.push(fresh);
    this.#samples.reused.push(reused);
  }

  result(): InThread {
    const { image } = this.#artifact;
    const { instantiate, restore, cold, fresh, reused } = this.#samples;
    return {
      ...{ name: this.#subject.name, way: image?.memories[0]?.kind ?? 'none', compileMs: this.#compileMs },
      ...{ instantiate: percentiles(instantiate), restore: percentiles(restore), cold: percentiles(cold) },
      ...{ fresh: percentiles(fresh), reused: percentiles(reused) },
      pageFaults: image?.memories[0] && measurePageFaults(image.memories[0]),
    };
  }

  close(): void {
    this.#kept.invocation.dispose();
    this.#kept.environment.dispose();
    if (this.#artifact.image) closeImage(this.#artifact.image);
  }

  #timed(isolation: 'invocation' | 'environment'): number {
    const began = performance.now();
    this.#call(this.#kept[isolation], isolation);
    return (performance.now() - began) * 1000;
  }

  #call(isolate: Isolate, kind: 'cold' | 'invocation' | 'environment'): Report {
    const outcome = isolate.invoke(this.#invocations[kind], ARRIVAL);
    if (outcome.kind === 'succeeded') return outcome.report;
    const why = outcome.kind === 'function-error' ? outcome.error.errorMessage : outcome.kind;
    throw new BenchFailed(
      `${this.#subject.name} fails on its event (${why}): give one that it takes with --event FILE.`,
    );
  }
}

function invocationOf(target: Invocation['target'], event: string): Invocation {
  return {
    ...{ requestId: 'bench', target, event: new TextEncoder().encode(event) },
    ...{ receivedAt: Date.now(), traceId: '' },
  };
}
