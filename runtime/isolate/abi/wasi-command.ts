import { SYNC_RESPONSE_BYTES } from '../../contract/limits.ts';
import { GuestFailure } from '../guest-failure.ts';
import { ProcExit } from '../wasi/index.ts';
import { type AbiHost, functionExport, type GuestAbi } from './guest-abi.ts';
import { assertResultSize, assertUtf8 } from './result-bytes.ts';
import { createWasiWorld } from './wasi-world.ts';

/** A program that knows nothing of Isola: the event is its stdin, what it prints is the result, stderr is the log. */
export function createWasiCommandAbi(host: AbiHost): GuestAbi {
  const world = createWasiWorld(host);
  let start: (() => unknown) | undefined;
  return {
    imports: { wasi_snapshot_preview1: world.imports },
    connect(exports) {
      start = functionExport(exports, '_start', host.declared);
      if (!start) throw new GuestFailure('Runtime.InvalidEntrypoint', 'The module exports no function "_start".');
    },
    invoke(event) {
      const output = new Output();
      world.run(
        event,
        (bytes) => output.write(bytes),
        () => {
          try {
            start?.();
          } catch (error) {
            const ended = host.meter.ended ?? error;
            if (!(ended instanceof ProcExit) || ended.code !== 0) throw ended;
          }
        },
      );
      assertResultSize(output.offered);
      const result = output.take();
      assertUtf8(result);
      return result;
    },
  };
}

/** What the program prints, kept up to the response limit. */
class Output {
  /** Bytes the program tried to print. */
  offered = 0;
  readonly #chunks: Uint8Array[] = [];

  /** Answers how many bytes were taken: none beyond the limit. */
  write(bytes: Uint8Array): number {
    this.offered += bytes.byteLength;
    if (this.offered > SYNC_RESPONSE_BYTES) return 0;
    this.#chunks.push(bytes.slice());
    return bytes.byteLength;
  }

  take(): Uint8Array {
    if (this.#chunks.length === 1) return this.#chunks[0] as Uint8Array;
    const whole = new Uint8Array(this.#chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.byteLength;
    }
    return whole;
  }
}
