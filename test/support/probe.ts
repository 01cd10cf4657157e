import { resolve } from 'node:path';
import { buildFunction } from '../../runtime/cli/toolchain/build.ts';
import type { FunctionVersion } from '../../runtime/contract/function-version.ts';
import { type Guest, type GuestCall, toGuest } from './guest.ts';

const guests = new Map<string, Promise<Guest>>();

/** Calls an export of the SDK's probe, test/fixtures/sdk/probe. */
export async function callProbe(name: string, event: string, settings?: Partial<FunctionVersion>): Promise<GuestCall> {
  const key = JSON.stringify([name, settings]);
  const guest = guests.get(key) ?? buildProbe({ handler: `index.${name}`, ...settings });
  guests.set(key, guest);
  return (await guest)(event);
}

async function buildProbe(settings: Partial<FunctionVersion>): Promise<Guest> {
  const { wasm } = await buildFunction(resolve('test/fixtures/sdk/probe'), () => {});
  return toGuest(wasm, settings);
}
