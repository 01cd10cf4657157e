import { GuestFailure } from '../guest-failure.ts';
import { ProcExit } from '../wasi/index.ts';
import { type AbiHost, functionExport, type GuestAbi } from './guest-abi.ts';
import { assertUtf8 } from './result-bytes.ts';
import { createWasiWorld } from './wasi-world.ts';

/** A program that knows nothing of Isola: the event is its stdin, what it prints is the result, as it comes; stderr is the log. */
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
      const { output } = host.call;
      world.run(
        event,
        (bytes) => output.write(bytes, host.meter),
        () => {
          try {
            start?.();
          } catch (error) {
            const ended = host.meter.ended ?? error;
            if (!(ended instanceof ProcExit) || ended.code !== 0) throw ended;
          }
        },
      );
      const result = output.take();
      if (!output.streams) assertUtf8(result);
      return result;
    },
  };
}
