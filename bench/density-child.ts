import { setTimeout as delay } from 'node:timers/promises';
import { CurrentCall } from '../runtime/isolate/current-call.ts';
import { FuelMeter } from '../runtime/isolate/fuel-meter.ts';
import { buildArtifact, Isolate, MemoryPool, type ThreadArtifact, toThreadArtifact } from '../runtime/isolate/index.ts';
import { InvocationLog } from '../runtime/isolate/invocation-log.ts';
import { IsolateMemories } from '../runtime/isolate/isolate-memories.ts';
import { type LinkedGuest, linkGuest } from '../runtime/isolate/linked-guest.ts';
import { setGlobals, shareImage } from '../runtime/snapshot/index.ts';
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
const WARM = 200;
const SWEEP_MS = 100;

answerParent(async ({ heapMib, isolates, state }: DensityQuestion): Promise<DensityAnswer> => {
  const subject = await heapSubject(heapMib * 1024);
  const artifact = await prepare(subject);
  const create: () => unknown = {
    fresh: () => link(artifact, subject),
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
  for (let time = 0; time < 4; time++) {
    (globalThis as { gc?: () => void }).gc?.();
    await delay(SWEEP_MS);
  }
  return readResident();
}

async function prepare(subject: Subject): Promise<ThreadArtifact> {
  const built = buildArtifact(subject.module, subject);
  if (built.kind === 'refused' || !built.image) throw new Error("the bench's guest has no image");
  const module = new WebAssembly.Module(built.code as Uint8Array<ArrayBuffer>);
  const image = await shareImage(built.image, 'auto');
  return toThreadArtifact({ manifest: built.manifest, module, image, files: new Map() });
}

/** What an isolate is before its first call. */
function link(artifact: ThreadArtifact, { memoryMb }: Subject): readonly [LinkedGuest, IsolateMemories] {
  const { manifest, module, files, globals } = artifact;
  const memories = new IsolateMemories(artifact, memoryMb, new MemoryPool());
  const guest = linkGuest({
    ...{ manifest, module, files, memories: memories.take(), meter: new FuelMeter() },
    version: toBenchVersion('fresh', memoryMb, 'invocation'),
    call: new CurrentCall(new InvocationLog()),
  });
  memories.restore();
  setGlobals(guest.globals, globals);
  return [guest, memories];
}

function serve(artifact: ThreadArtifact, subject: Subject, isolation: 'invocation' | 'environment'): Isolate {
  const target = toBenchVersion(isolation, subject.memoryMb, isolation);
  const isolate = new Isolate(artifact, target, new MemoryPool());
  const event = new TextEncoder().encode(subject.event);
  const outcome = isolate.invoke(
    { requestId: 'bench', target, event, receivedAt: Date.now(), traceId: '' },
    { queueMs: 0, compileMs: 0, workerMs: 0 },
  );
  if (outcome.kind !== 'succeeded') throw new RangeError(`an isolate ended as ${outcome.kind}`);
  return isolate;
}
