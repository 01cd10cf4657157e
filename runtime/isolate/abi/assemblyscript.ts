import { SYNC_RESPONSE_BYTES } from '../../contract/limits.ts';
import { GuestFailure } from '../guest-failure.ts';
import { fromUtf8, toUtf8 } from '../guest-memory.ts';
import { createAssemblyScriptImports } from './assemblyscript-imports.ts';
import { type AbiHost, functionExport, type GuestAbi, handlerExport } from './guest-abi.ts';
import { assertResultSize, handlerNotFound } from './result-bytes.ts';

/** The class id of String in AssemblyScript's runtime; the same in every module. */
const STRING_ID = 2;

/**
 * AssemblyScript compiled with `--exportRuntime`: `handler(event: string): string`.
 *
 *     ptr - 8: class id (u32)   ptr - 4: byte length (u32)   ptr: UTF-16 code units
 *
 * The layout is that of @assemblyscript/loader, which the tests hold this equal to. The pointers come from a hostile
 * guest, so every one is checked here.
 */
export function createAssemblyScriptAbi(host: AbiHost): GuestAbi {
  const { memory, call, version } = host;
  let newObject: ((bytes: number, id: number) => unknown) | undefined;
  let handle: ((event: number) => unknown) | undefined;
  return {
    imports: createAssemblyScriptImports(host),
    connect(exports) {
      const name = handlerExport(version.handler);
      newObject = functionExport(exports, '__new', host.declared) as typeof newObject;
      handle = functionExport(exports, name, host.declared);
      if (!handle) throw handlerNotFound(version.handler, name);
    },
    invoke(event) {
      const text = fromUtf8(event) ?? '';
      const pointer = Number(newObject?.(text.length * 2, STRING_ID));
      const target = memory.bytes(pointer, text.length * 2);
      if (!target) throw new GuestFailure('Runtime.InvalidPointer', '__new answered a pointer outside of the memory.');
      writeUtf16(target, text);
      const result = Number(handle?.(pointer));
      if (call.output.streams) return call.output.take();
      const length = memory.assemblyScriptStringBytes(result);
      if (length === undefined) {
        throw new GuestFailure('Runtime.InvalidResponse', 'The handler must return a string.');
      }
      assertResultSize(length / 2);
      const string = memory.assemblyScriptString(result, 2 * (SYNC_RESPONSE_BYTES + 1)) ?? '';
      const bytes = toUtf8(string);
      assertResultSize(bytes.byteLength);
      return bytes;
    },
  };
}

function writeUtf16(target: Uint8Array, text: string): void {
  if ((target.byteOffset & 1) === 0) {
    const units = new Uint16Array(target.buffer, target.byteOffset, text.length);
    for (let index = 0; index < text.length; index++) units[index] = text.charCodeAt(index);
  } else {
    const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
    for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index), true);
  }
}
