import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentObserver } from '../../runtime/contract/observer.ts';
import { BlobSweeper } from '../../runtime/registry/blob-sweeper.ts';

interface Sweep {
  readonly keep: readonly string[];
  readonly agoMs: number;
}

function createSweeper(options: { failing?: true; unknown?: true } = {}) {
  const sweeps: Sweep[] = [];
  const noticed: string[] = [];
  const sweeper = new BlobSweeper({
    observer: { ...silentObserver, noticed: (_level, message) => noticed.push(message) },
    inUse: () => (options.unknown ? undefined : new Set(['a'])),
    blobs: {
      put: async () => '',
      get: async () => 'missing',
      async retain(keep, { writtenBefore }) {
        if (options.failing) throw new Error('the disk is gone');
        sweeps.push({ keep: [...keep], agoMs: Date.now() - writtenBefore });
        return 0;
      },
    },
  });
  return { sweeper, sweeps, noticed };
}

describe('sweeping blobs', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('happens once for many replaced versions, later, and leaves alone what is young', async () => {
    const { sweeper, sweeps } = createSweeper();
    for (let index = 0; index < 5; index++) sweeper.replaced();
    await vi.advanceTimersByTimeAsync(599_000);
    expect(sweeps).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sweeps).toEqual([{ keep: ['a'], agoMs: 300_000 }]);
    sweeper.replaced();
    await vi.advanceTimersByTimeAsync(601_000);
    expect(sweeps).toHaveLength(2);
  });

  it('does not happen while it is not known what is needed', async () => {
    const { sweeper, sweeps } = createSweeper({ unknown: true });
    await sweeper.sweep(Date.now());
    expect(sweeps).toEqual([]);
  });

  it('does not happen any more once it is stopped', async () => {
    const { sweeper, sweeps } = createSweeper();
    sweeper.replaced();
    await sweeper.stop();
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(sweeps).toEqual([]);
  });

  it('says when it failed, and is tried again after the next change', async () => {
    const { sweeper, noticed } = createSweeper({ failing: true });
    sweeper.replaced();
    await vi.advanceTimersByTimeAsync(601_000);
    sweeper.replaced();
    await vi.advanceTimersByTimeAsync(601_000);
    expect(noticed).toEqual([
      'Unused blobs could not be removed: the disk is gone',
      'Unused blobs could not be removed: the disk is gone',
    ]);
  });
});
