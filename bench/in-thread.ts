import type { Invocation } from '../runtime/contract/invocation.ts';
import type { Outcome } from '../runtime/contract/outcome.ts';
import { buildArtifact, Isolate, MemoryPool, type ThreadArtifact, toThreadArtifact } from '../runtime/isolate/index.ts';
import { closeImage, shareImage } from '../runtime/snapshot/index.ts';
import { compileHeapGuest, toBenchVersion } from './guests.ts';
import { type Percentiles, percentiles } from './statistics.ts';

/** What one heap size costs inside a thread; times in microseconds but for compiling. */
export interface InThread {
  readonly heapKib: number;
  readonly kind: 'mapped' | 'copied';
  readonly compileMs: number;
  readonly instantiate: Percentiles;
  readonly restore: Percentiles;
  /** Instantiate and restore together, of the same starts. */
  readonly cold: Percentiles;
  /** A whole call, guest and reset included, from a fresh image each time. */
  readonly fresh: Percentiles;
  /** The same on an isolate that keeps its state. */
  readonly reused: Percentiles;
}

const ARRIVAL = { queueMs: 0, compileMs: 0, workerMs: 0 };

export async function measureInThread(heapKib: number, rounds: number): Promise<InThread> {
  const memoryMb = Math.max(128, (heapKib / 1024) * 2);
  const built = buildArtifact(await compileHeapGuest(heapKib), { memoryMb, handler: 'index.handler' });
  if (built.kind !== 'built' || !built.image) throw new Error(built.kind === 'refused' ? built.message : 'no image');
  const began = performance.now();
  const module = await WebAssembly.compile(built.code as Uint8Array<ArrayBuffer>);
  const compileMs = performance.now() - began;
  const image = shareImage(built.image, 'auto');
  const artifact = toThreadArtifact({ manifest: built.manifest, module, image, files: new Map() });
  const cold = measureCold(artifact, memoryMb, rounds);
  const result: InThread = {
    ...{ heapKib, kind: image.kind, compileMs, ...cold },
    fresh: measureCalls(artifact, memoryMb, 'invocation', rounds),
    reused: measureCalls(artifact, memoryMb, 'environment', rounds),
  };
  closeImage(image);
  return result;
}

/** Starts an isolate, calls it once, lets it go; the phases are those of the report that users see. */
function measureCold(
  artifact: ThreadArtifact,
  memoryMb: number,
  rounds: number,
): Pick<InThread, 'instantiate' | 'restore' | 'cold'> {
  const memories = new MemoryPool();
  const instantiate: number[] = [];
  const restore: number[] = [];
  const both: number[] = [];
  for (let round = -rounds / 5; round < rounds; round++) {
    const version = toBenchVersion(`cold-${round}`, memoryMb, 'invocation');
    const isolate = new Isolate(artifact, version, memories);
    const phases = assertSucceeded(isolate.invoke(invocationOf(version), ARRIVAL)).report.cold;
    isolate.dispose();
    if (!phases || round < 0) continue;
    instantiate.push(phases.instantiateMs * 1000);
    restore.push(phases.restoreMs * 1000);
    both.push((phases.instantiateMs + phases.restoreMs) * 1000);
  }
  return { instantiate: percentiles(instantiate), restore: percentiles(restore), cold: percentiles(both) };
}

function measureCalls(
  artifact: ThreadArtifact,
  memoryMb: number,
  isolation: 'invocation' | 'environment',
  rounds: number,
): Percentiles {
  const version = toBenchVersion(isolation, memoryMb, isolation);
  const isolate = new Isolate(artifact, version, new MemoryPool());
  const invocation = invocationOf(version);
  const samples: number[] = [];
  for (let round = -rounds / 5; round < rounds; round++) {
    const began = performance.now();
    assertSucceeded(isolate.invoke(invocation, ARRIVAL));
    if (round >= 0) samples.push((performance.now() - began) * 1000);
  }
  isolate.dispose();
  return percentiles(samples);
}

function invocationOf(target: Invocation['target']): Invocation {
  return {
    requestId: 'bench',
    target,
    event: new TextEncoder().encode('{"n":1}'),
    receivedAt: Date.now(),
    traceId: '',
  };
}

function assertSucceeded(outcome: Outcome): Extract<Outcome, { kind: 'succeeded' }> {
  if (outcome.kind !== 'succeeded') throw new Error(`the bench's guest ended as ${JSON.stringify(outcome)}`);
  return outcome;
}
