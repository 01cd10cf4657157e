import { resolve } from 'node:path';
import { buildFunction } from '../../runtime/cli/toolchain/build.ts';
import { callGuest, type GuestCall, type GuestWorld } from './guest.ts';

let module: Promise<WebAssembly.Module> | undefined;

/** Calls an export of the SDK's probe, test/fixtures/sdk/probe, on a fresh instance. */
export async function callProbe(name: string, event: string, world?: GuestWorld): Promise<GuestCall> {
  module ??= buildFunction(resolve('test/fixtures/sdk/probe'), () => {}).then(({ wasm }) =>
    WebAssembly.compile(wasm as Uint8Array<ArrayBuffer>),
  );
  return callGuest(await module, name, event, world);
}
