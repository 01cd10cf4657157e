import { GuestFailure } from '../guest-failure.ts';
import { type AbiHost, functionExport, type GuestAbi, handlerExport } from './guest-abi.ts';
import { assertResultSize, assertUtf8, handlerNotFound } from './result-bytes.ts';
import { createWasiWorld } from './wasi-world.ts';

/**
 * The language-neutral ABI: `isola_alloc(len) -> ptr`, `handler(ptr, len) -> i64` as `ptr << 32 | len`. A reactor that was
 * linked with a WASI C library finds its world too; what it prints goes to the log.
 */
export function createBufferAbi(host: AbiHost): GuestAbi {
  const { memory, call, version } = host;
  const world = host.importsWasi ? createWasiWorld(host) : undefined;
  let allocate: ((length: number) => number) | undefined;
  let handle: ((pointer: number, length: number) => unknown) | undefined;
  return {
    imports: world ? { wasi_snapshot_preview1: world.imports } : {},
    connect(exports) {
      const name = handlerExport(version.handler);
      allocate = functionExport(exports, 'isola_alloc', host.declared) as typeof allocate;
      handle = functionExport(exports, name, host.declared);
      if (!handle) throw handlerNotFound(version.handler, name);
    },
    invoke(event) {
      const handleEvent = () => handleIn(event);
      return world ? world.run(NO_INPUT, (bytes) => call.log.write(bytes), handleEvent) : handleEvent();
    },
  };

  function handleIn(event: Uint8Array): Uint8Array {
    const pointer = Number(allocate?.(event.byteLength));
    const target = memory.bytes(pointer, event.byteLength);
    if (!target) {
      throw new GuestFailure('Runtime.InvalidPointer', 'isola_alloc answered a range outside of the memory.');
    }
    target.set(event);
    const packed = handle?.(pointer, event.byteLength);
    if (call.output.streams) return call.output.take();
    if (typeof packed !== 'bigint') {
      throw new GuestFailure('Runtime.InvalidResponse', 'The handler must return an i64, ptr << 32 | len.');
    }
    const length = Number(packed & 0xffff_ffffn);
    assertResultSize(length);
    const result = memory.bytes(Number((packed >> 32n) & 0xffff_ffffn), length);
    if (!result) throw new GuestFailure('Runtime.InvalidPointer', 'The result lies outside of the memory.');
    assertUtf8(result);
    return result.slice();
  }
}

const NO_INPUT = new Uint8Array();
