import type { LoadedArtifact } from '../contract/artifact.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { ServeHostCall } from '../contract/host-call.ts';
import type { Invocation } from '../contract/invocation.ts';
import type { Observer } from '../contract/observer.ts';
import type { CpuMode } from '../isolate/cpu-share.ts';
import type { SnapshotMode } from '../snapshot/index.ts';

export interface PoolOptions {
  /** Threads that run guests. */
  readonly threads: number;
  /** Threads that may wait in host calls besides; none when absent. */
  readonly mostParked?: number;
  /** Threads that may be slow invocations' alone besides all those; none when absent. */
  readonly mostAside?: number;
  /** Processors that guests share; the machine's when absent. */
  readonly cores?: number;
  /** Whether and when things run is another layer's to say, which hears of what it cannot know. */
  readonly turns?: PoolTurns;
  /** What guests may ask of this thread; nothing when absent. */
  readonly hostCalls?: ServeHostCall;
  readonly snapshot: SnapshotMode;
  readonly cpu: CpuMode;
  readonly observer: Observer;
  /** Memories of isolates that may be kept, in all threads together. */
  readonly mostMemories: number;
  /** What compiled modules and images may weigh together before those go that are not used, in bytes. */
  readonly cacheBytes: number;
  /** Where a version's artifact, image and files come from; asked again when it had to make room meanwhile. */
  readonly load: (version: FunctionVersion) => Promise<LoadedArtifact>;
  /** The module that threads run; our own unless a test needs one that fails. */
  readonly entry?: URL;
}

/** What a pool tells the layer over it, and asks. */
export interface PoolTurns {
  /** The capacity has grown. */
  grown(): void;
  /** Is this invocation to have a thread to itself? */
  isSlow(invocation: Invocation): boolean;
  /** It has run for some milliseconds, and is no quick one. */
  ranLong(invocation: Invocation): void;
  /** It goes on for long, or waits. */
  settled(invocation: Invocation): void;
}

export const NO_TURNS: PoolTurns = {
  grown: () => undefined,
  isSlow: () => false,
  ranLong: () => undefined,
  settled: () => undefined,
};

export interface PoolStatistics {
  readonly threads: number;
  readonly liveIsolates: number;
  /** Invocations that are with a thread or wait for one. */
  readonly inFlight: number;
}
