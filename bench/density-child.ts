import { setTimeout as delay } from 'node:timers/promises';
import { buildArtifact, Isolate, MemoryPool, type ThreadArtifact, toThreadArtifact } from '../runtime/isolate/index.ts';
import { shareImage } from '../runtime/snapshot/index.ts';
import { answerParent } from './child.ts';
import { toBenchVersion } from './guests.ts';
import { type Resident, readResident } from './resident.ts';
import { heapSubject, type Subject } from './subject.ts';

export interface DensityQuestion {
  readonly heapMib: number;
  readonly isolates: number;
  /** Restored and never called; called once and reset; called once and keeping what that wrote. */
  readonly state: 'fresh' | 'served' | 'kept';
}

export interface DensityAnswer {
  readonly way: 'mapped' | 'copied';
  /** Fewer than asked for when the engine had no room for another. */
  readonly live: number;
  readonly before: Resident;
  readonly after: Resident;
}

/** Isolates that live before the count begins: the first ones warm the engine up. */
const WARM = 500;
const SWEEP_MS = 100;
const MOST_SWEEPS = 50;
/** Memory is steady when this many sweeps in a row free less than this. */
const STEADY_SWEEPS = 4;
const STEADY_KIB = 64;

answerParent(async ({ heapMib, isolates, state }: DensityQuestion): Promise<DensityAnswer> => {
  const subject = await heapSubject(heapMib * 1024);
  const artifact = await prepare(subject);
  const create: () => unknown = {
    fresh: () => restore(artifact, subject),
    served: () => serve(artifact, subject, 'invocation'),
    kept: () => serve(artifact, subject, 'environment'),
  }[state];
  const live: unknown[] = Array.from({ length: WARM }, create);
  const before = await collected();
  try {
    while (live.length < WARM + isolates) live.push(create());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  const after = await collected();
  return { way: artifact.image?.memories[0]?.kind ?? 'copied', live: live.length - WARM, before, after };
});

/** The engine frees buffers in the background: what was garbage before must not be counted as saved later. */
async function collected(): Promise<Resident> {
  let last = readResident();
  for (let time = 0, steady = 0; time < MOST_SWEEPS && steady < STEADY_SWEEPS; time++) {
    (globalThis as { gc?: () => void }).gc?.();
    await delay(SWEEP_MS);
    const now = readResident();
    steady = Math.abs(now.rss - last.rss) < STEADY_KIB ? steady + 1 : 0;
    last = now;
  }
  return last;
}

async function prepare(subject: Subject): Promise<ThreadArtifact> {
  const built = buildArtifact(subject.module, subject);
  if (built.kind === 'refused' || !built.image) throw new Error("the bench's guest has no image");
  const module = new WebAssembly.Module(built.code as Uint8Array<ArrayBuffer>);
  const image = await shareImage(built.image, 'auto');
  return toThreadArtifact({ manifest: built.manifest, module, image, files: new Map(), layers: new Map() });
}

function createIsolate(artifact: ThreadArtifact, subject: Subject, isolation: 'invocation' | 'environment'): Isolate {
  return new Isolate(artifact, toBenchVersion(isolation, subject.memoryMb, isolation), new MemoryPool());
}

function restore(artifact: ThreadArtifact, subject: Subject): Isolate {
  const isolate = createIsolate(artifact, subject, 'invocation');
  if (!isolate.prepare()) throw new RangeError('no isolate could be restored');
  return isolate;
}

function serve(artifact: ThreadArtifact, subject: Subject, isolation: 'invocation' | 'environment'): Isolate {
  const target = toBenchVersion(isolation, subject.memoryMb, isolation);
  const isolate = createIsolate(artifact, subject, isolation);
  const event = new TextEncoder().encode(subject.event);
  const outcome = isolate.invoke(
    { requestId: 'bench', target, event, receivedAt: Date.now(), traceId: '' },
    { queueMs: 0, compileMs: 0, workerMs: 0 },
  );
  if (outcome.kind !== 'succeeded') throw new RangeError(`an isolate ended as ${outcome.kind}`);
  return isolate;
}
