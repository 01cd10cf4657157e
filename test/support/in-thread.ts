import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import type { ChunkPort } from '../../runtime/isolate/guest-output.ts';
import {
  type BuildOptions,
  buildArtifact,
  Isolate,
  type IsolateHost,
  MemoryPool,
  toThreadArtifact,
} from '../../runtime/isolate/index.ts';
import { type SharedImage, type SnapshotMode, shareImageSync } from '../../runtime/snapshot/index.ts';
import { toFunctionVersion } from './function-version.ts';

const TRACE_ID = 'Root=1-01234567-89abcdef0123456789abcdef;Parent=0123456789abcdef;Sampled=1';

/** A module in an isolate of this thread, with the real host and no pool, registry or gateway. */
export interface InThread {
  readonly isolate: Isolate;
  readonly image: SharedImage | undefined;
  invoke(event?: unknown): Outcome;
  /** An event that need not be JSON. */
  invokeText(event: string, onSlice?: (now: number) => void, stream?: ChunkPort): Outcome;
}

export interface InThreadOptions {
  readonly settings?: Partial<FunctionVersion>;
  readonly mode?: SnapshotMode;
  readonly host?: IsolateHost;
  readonly files?: ReadonlyMap<string, Uint8Array>;
  readonly layers?: ReadonlyMap<string, Uint8Array>;
  /** What deploying would build with besides. */
  readonly build?: Partial<BuildOptions>;
}

const ARRIVAL = { queueMs: 0, compileMs: 0, workerMs: 0 };

export function toInThread(
  wasm: Uint8Array,
  { settings, mode = 'auto', host, files = new Map(), layers = new Map(), build }: InThreadOptions = {},
): InThread {
  const version = toFunctionVersion('f', settings);
  const built = buildArtifact(wasm, { ...version, initTimeoutMs: 200, ...build });
  if (built.kind === 'refused') throw new Error(built.message);
  const image = built.image && shareImageSync(built.image, mode);
  const module = new WebAssembly.Module(built.code as Uint8Array<ArrayBuffer>);
  const isolate = new Isolate(
    toThreadArtifact({ manifest: built.manifest, module, image, files, layers }),
    version,
    new MemoryPool(),
    host,
  );
  const invokeText = (event: string, onSlice?: (now: number) => void, stream?: ChunkPort): Outcome =>
    isolate.invoke(
      { requestId: 'r-1', target: version, event: Buffer.from(event), receivedAt: Date.now(), traceId: TRACE_ID },
      ARRIVAL,
      onSlice,
      stream,
    );
  return { isolate, image, invoke: (event = {}) => invokeText(JSON.stringify(event)), invokeText };
}

/** The payload as text; throws what else happened. */
export function textOf(outcome: Outcome): string {
  if (outcome.kind !== 'succeeded') throw new Error(`ended as ${JSON.stringify(outcome)}`);
  return Buffer.from(outcome.payload).toString();
}
