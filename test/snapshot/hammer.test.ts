import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { buildArtifact } from '../../runtime/isolate/index.ts';
import { closeImage, type SnapshotMode, shareImage } from '../../runtime/snapshot/index.ts';
import { assembleHammerGuest } from '../support/hammer-guest.ts';
import type { HammerReport, HammerTask, Victim } from '../support/hammer-thread.ts';
import { textOf, toInThread } from '../support/in-thread.ts';

/** A larger run: `ISOLA_HAMMER_ROUNDS=100000 ISOLA_HAMMER_THREADS=8 npx vitest run ... dist/test/snapshot/hammer`. */
const ROUNDS = Number(process.env.ISOLA_HAMMER_ROUNDS ?? 500);
const THREADS = Number(process.env.ISOLA_HAMMER_THREADS ?? 3);

const GUESTS: readonly { pages: number; mode: SnapshotMode; changesTable: boolean }[] = [
  { pages: 1, mode: 'auto', changesTable: false },
  { pages: 2, mode: 'auto', changesTable: false },
  { pages: 2, mode: 'auto', changesTable: true },
  { pages: 2, mode: 'copy', changesTable: false },
  { pages: 16, mode: 'auto', changesTable: false },
  { pages: 16, mode: 'auto', changesTable: true },
];

async function createVictim({ mode, ...guest }: (typeof GUESTS)[number]): Promise<Victim> {
  const wasm = assembleHammerGuest(guest);
  const built = buildArtifact(wasm, { memoryMb: 128, handler: 'index.handler' });
  if (built.kind === 'refused' || !built.image) throw new Error('the guest has no image');
  const copied = (await shareImage(built.image, 'copy')).memories[0];
  const module = await WebAssembly.compile(built.code as Uint8Array<ArrayBuffer>);
  const image = await shareImage(built.image, mode);
  return {
    prepared: { manifest: built.manifest, module, image, files: new Map(), layers: new Map() },
    digest: textOf(toInThread(wasm, { mode: 'copy' }).invokeText('\0'.repeat(16))),
    reference: (copied as Extract<typeof copied, { kind: 'copied' }>).memory,
  };
}

/** Runs one thread to its end; `onHalf` is called when it has done half of its rounds. */
function hammer(task: HammerTask, onHalf: (worker: Worker) => void = () => {}): Promise<HammerReport | 'terminated'> {
  const worker = new Worker(new URL('../support/hammer-thread.js', import.meta.url));
  worker.postMessage(task);
  return new Promise((resolve, reject) => {
    worker.on('message', (message: HammerReport | 'half') => (message === 'half' ? onHalf(worker) : resolve(message)));
    worker.on('error', reject);
    worker.on('exit', () => resolve('terminated'));
  });
}

describe('threads that restore, reset, grow, trap and are terminated on the same images', async () => {
  const victims = await Promise.all(GUESTS.map(createVictim));
  afterAll(() => {
    for (const { prepared } of victims) if (prepared.image) closeImage(prepared.image);
  });

  it('never find a byte that is not of the image', { timeout: 600_000 }, async () => {
    const task = (seed: number): HammerTask => ({ victims, rounds: ROUNDS, seed });
    const terminated = hammer(task(99), (worker) => void worker.terminate());
    const reports = await Promise.all(Array.from({ length: THREADS }, (_, index) => hammer(task(index + 1))));
    expect(await terminated).toBe('terminated');
    for (const report of reports) {
      expect(report).toMatchObject({ rounds: ROUNDS });
      expect(report).not.toHaveProperty('wrong');
      const { endings } = report as HammerReport;
      expect(Object.keys(endings).sort()).toEqual(['function-error', 'succeeded', 'timed-out']);
    }
    expect(await hammer(task(7))).not.toHaveProperty('wrong');
  });
});
