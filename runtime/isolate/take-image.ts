import type { ArtifactManifest, Built, Draw } from '../contract/artifact.ts';
import { INIT_TIMEOUT_MS } from '../contract/limits.ts';
import { holdTables, packImage, takeGlobals, takeTables } from '../snapshot/index.ts';
import type { BuildOptions } from './build-options.ts';
import { CurrentCall } from './current-call.ts';
import { toFailedOutcome } from './ending.ts';
import { FuelMeter } from './fuel-meter.ts';
import { toUtf8 } from './guest-memory.ts';
import { InvocationLog } from './invocation-log.ts';
import { type LinkedGuest, linkGuest } from './linked-guest.ts';
import { createMemory, maximumPages } from './prepared.ts';
import { toDraftVersion, toWarmUp, WARM_UP_ID, whyFailed } from './warm-up.ts';

/** The image, or none where initialisation failed or left what an image cannot hold. Only a warm-up event can be refused. */
export type ImageTaken =
  | { readonly kind: 'taken'; readonly image?: Uint8Array; readonly draws: readonly Draw[] }
  | Extract<Built, { kind: 'refused' }>;

const NO_IMAGE: ImageTaken = { kind: 'taken', draws: [] };

/** Runs the initialisation, and the warm-up event if there is one, and writes down what they left. */
export function takeImage(manifest: ArtifactManifest, code: Uint8Array, options: BuildOptions): ImageTaken {
  const { warmUp } = options;
  if (warmUp !== undefined && manifest.abi === 'wasi-command')
    return refuse('A WASI command keeps no state to warm up.');
  if (!manifest.restorable) return warmUp === undefined ? NO_IMAGE : refuse(CANNOT_HOLD);
  return new ImageTaker(manifest, options).take(code);
}

const CANNOT_HOLD = 'The module changes what an image cannot hold: it drops segments, or has mutable references.';

const refuse = (why: string): ImageTaken => ({ kind: 'refused', message: `ISOLA_WARM_UP cannot be used: ${why}` });

class ImageTaker {
  readonly #manifest: ArtifactManifest;
  readonly #options: BuildOptions;
  readonly #memories: readonly WebAssembly.Memory[];
  readonly #log = new InvocationLog();
  readonly #call = new CurrentCall(this.#log);
  readonly #meter = new FuelMeter();
  #guest: LinkedGuest | undefined;

  constructor(manifest: ArtifactManifest, options: BuildOptions) {
    this.#manifest = manifest;
    this.#options = options;
    this.#memories = manifest.memories.map((shape) =>
      createMemory(shape, shape.minPages, maximumPages(shape, options.memoryMb)),
    );
    this.#call.watchDraws();
  }

  take(code: Uint8Array): ImageTaken {
    const { warmUp } = this.#options;
    try {
      const guest = this.#link(code);
      const before = holdTables(guest.tables);
      guest.initialise();
      if (warmUp !== undefined) this.#warmUp(guest, warmUp);
      const tables = takeTables(guest.tables, before, guest.exports);
      if (tables === undefined) return warmUp === undefined ? NO_IMAGE : refuse(CANNOT_HOLD);
      const memories = this.#memories.map(({ buffer }) => new Uint8Array(buffer));
      const { draws } = this.#call;
      const image = packImage({ memories, globals: takeGlobals(guest.globals), tables, draws });
      return { kind: 'taken', image, draws };
    } catch (error) {
      return warmUp === undefined ? NO_IMAGE : refuse(this.#whyFailed(error));
    }
  }

  #link(code: Uint8Array): LinkedGuest {
    const { files = new Map(), layers = new Map() } = this.#options;
    this.#meter.arm(this.#allowance());
    this.#guest = linkGuest({
      manifest: this.#manifest,
      module: new WebAssembly.Module(code as Uint8Array<ArrayBuffer>),
      version: toDraftVersion(this.#options),
      ...{ files, layers, memories: this.#memories, call: this.#call, meter: this.#meter },
    });
    return this.#guest;
  }

  #warmUp(guest: LinkedGuest, event: string): void {
    this.#meter.begin(this.#allowance());
    this.#call.begin(toWarmUp(this.#options, event), Date.now() + this.#timeoutMs);
    guest.abi.invoke(toUtf8(event));
    this.#call.end();
  }

  #allowance(): { fuel: number; began: number; deadline: number } {
    const began = performance.now();
    return { fuel: Number.POSITIVE_INFINITY, began, deadline: began + this.#timeoutMs };
  }

  get #timeoutMs(): number {
    return this.#options.initTimeoutMs ?? INIT_TIMEOUT_MS;
  }

  #whyFailed(error: unknown): string {
    return whyFailed(
      toFailedOutcome({
        ...{ error, meter: this.#meter, requestId: WARM_UP_ID, timeoutMs: this.#timeoutMs, log: this.#log.take() },
        fuelBudget: Number.POSITIVE_INFINITY,
        memoryExhausted: this.#guest?.growFailed.value === 1,
        report: { durationMs: 0, fuel: 0, maxMemoryBytes: 0, queueMs: 0 },
      }),
    );
  }
}
