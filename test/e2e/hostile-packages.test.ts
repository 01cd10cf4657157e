import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';

const MODULE = guest('echo');

describe('a hostile package', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
    await isola.create('kept', MODULE);
  });
  afterAll(() => isola.stop());

  const blobs = (): unknown[] => readdirSync(join(isola.dataDir, 'blobs'), { recursive: true }).sort();
  /** Same length, so that the archive's offsets hold. */
  const renamed = async (from: string, to: string): Promise<Buffer> =>
    Buffer.from((await zip({ [from]: MODULE })).toString('latin1').replaceAll(from, to), 'latin1');

  it.each<[string, () => Uint8Array | Promise<Uint8Array>, RegExp]>([
    ['nothing', () => Buffer.alloc(0), /non-empty zip/],
    ['text', () => Buffer.from('hello'), /^Could not unzip uploaded file\. /],
    ['half an archive', async () => (await zip({ bootstrap: MODULE })).subarray(0, 60), /^Could not unzip/],
    ['an archive without its end', async () => (await zip({ bootstrap: MODULE })).subarray(0, -5), /^Could not unzip/],
    ['a way out', () => renamed('xx/bootstrap', '../bootstrap'), /leads out of the package/],
    ['an absolute path', () => renamed('xbootstrap', '/bootstrap'), /absolute path/],
    ['no module', () => zip({ 'readme.txt': Buffer.from('hi') }), /holds no WebAssembly module/],
    ['a script', () => zip({ bootstrap: Buffer.from('#!/bin/sh') }), /is not a WebAssembly module/],
    ['a bomb', () => zip({ bootstrap: MODULE, zeros: Buffer.alloc(262_144_000) }), /Unzipped size must be smaller/],
    ['half a module', () => MODULE.subarray(0, 40), /not valid WebAssembly/],
    [
      'another version of WebAssembly',
      () => Buffer.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]),
      /not valid WebAssembly/,
    ],
  ])('with %s makes no function and changes none', async (_what, make, message) => {
    const bytes = await make();
    const before = blobs();
    const refusal = { name: 'InvalidParameterValueException', message: expect.stringMatching(message) };
    await expect(isola.create('hostile', bytes)).rejects.toMatchObject(refusal);
    const update = new UpdateFunctionCodeCommand({ FunctionName: 'kept', ZipFile: bytes });
    await expect(isola.client.send(update)).rejects.toMatchObject(refusal);
    const { Functions } = await isola.client.send(new ListFunctionsCommand({}));
    expect(Functions?.map(({ FunctionName }) => FunctionName)).toEqual(['kept']);
    expect(await isola.client.send(new GetFunctionConfigurationCommand({ FunctionName: 'kept' }))).toMatchObject({
      CodeSize: MODULE.length,
      State: 'Active',
      LastUpdateStatus: 'Successful',
    });
    expect(blobs()).toEqual(before);
    expect(await isola.invoke('kept', 7)).toMatchObject({ error: undefined, payload: 7 });
  });

  it('of damaged bytes is refused, or runs and ends as a function does', async () => {
    const damage = fc.array(
      fc.record({ at: fc.nat({ max: MODULE.length - 1 }), byte: fc.integer({ min: 0, max: 255 }) }),
      { minLength: 1, maxLength: 3 },
    );
    const settings = { Timeout: 1, Environment: { Variables: { ISOLA_FUEL: '1000000' } } };
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Buffer.from(MODULE);
        for (const { at, byte } of changes) bytes[at] = byte;
        const refusal = await isola.create('damaged', bytes, settings).catch((error: Error) => error);
        if (refusal) {
          expect(refusal).toMatchObject({ name: 'InvalidParameterValueException' });
          return;
        }
        expect((await isola.invoke('damaged', {})).status).toBe(200);
        await isola.client.send(new DeleteFunctionCommand({ FunctionName: 'damaged' }));
      }),
      { numRuns: 150, endOnFailure: true },
    );
    expect(await (await fetch(`${isola.url}/metrics`)).text()).not.toMatch(/thread_deaths_total [1-9]/);
  });
});
