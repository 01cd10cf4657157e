import {
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { zipOf } from '../registry/zip-of.ts';
import { answering } from '../support/answering-guest.ts';
import { assemble, guest } from '../support/wat.ts';
import { type HostileIsola, ownError, startHostileIsola } from './hostile-isola.ts';

const MODULE = guest('echo');
const SYMLINK = 0o120777;

let hostile: HostileIsola;
beforeAll(async () => {
  hostile = await startHostileIsola({ env: { ISOLA_CONCURRENCY: '2000', ISOLA_QUEUE: '2000' } });
});
afterEach(() => hostile.assertQuiet());
afterAll(() => hostile.stop());

/** The archive with names changed to others of that length. */
const renamed = async (files: Readonly<Record<string, Uint8Array>>, from: string, to: string): Promise<Buffer> =>
  Buffer.from((await zipOf({ ...files })).toString('latin1').replaceAll(from, to), 'latin1');
const importing = (what: string): Uint8Array =>
  assemble(`(module (import ${what}) (memory 1)
    (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
    (func (export "handler") (param i32 i32) (result i64) (i64.const 0)))`);

describe('a package', () => {
  it.each<[string, () => Uint8Array | Promise<Uint8Array>, RegExp]>([
    ['of nothing', () => Buffer.alloc(0), /non-empty zip/],
    ['of text', () => Buffer.from('hello'), /^Could not unzip uploaded file/],
    ['that is cut off', async () => (await zipOf({ bootstrap: MODULE })).subarray(0, -5), /^Could not unzip/],
    ['that is a bomb', () => zipOf({ bootstrap: MODULE, zeros: Buffer.alloc(262_144_000) }), /Unzipped size/],
    ['with a way out', () => renamed({ 'xx/bootstrap': MODULE }, 'xx/', '../'), /leads out of the package/],
    ['with an absolute path', () => renamed({ xbootstrap: MODULE }, 'xboot', '/boot'), /absolute path/],
    ['with a symbolic link', () => zipOf({ bootstrap: '/etc/passwd' }, { mode: SYMLINK }), /is a link or a device/],
    [
      'with an entry twice',
      () => renamed({ bootstrap: MODULE, bootstrAp: MODULE }, 'bootstrAp', 'bootstrap'),
      /two entries named/,
    ],
    ['without a module', () => zipOf({ 'readme.txt': 'hi' }), /holds no WebAssembly module/],
    ['with a script', () => zipOf({ bootstrap: '#!/bin/sh' }), /is not a WebAssembly module/],
    ['with half a module', () => MODULE.subarray(0, 40), /not valid WebAssembly/],
    ['of another WebAssembly', () => Buffer.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), /not valid WebAssembly/],
    ['that imports what nobody offers', () => guest('unknown-import'), /launch_missiles/],
    [
      'that imports fuel',
      () => importing('"isola" "refuel" (func)'),
      /imports the function "isola\.refuel", which Isola does not offer/,
    ],
    ['that starts above its memory', () => guest('greedy'), /needs 256 MB/],
  ])('%s is refused, and leaves nothing', async (_, make, message) => {
    const refusal = { name: 'InvalidParameterValueException', message: expect.stringMatching(message) };
    await expect(hostile.isola.create('refused', await make())).rejects.toMatchObject(refusal);
    const { Functions } = await hostile.isola.client.send(new ListFunctionsCommand({}));
    expect(Functions?.map(({ FunctionName }) => FunctionName)).toEqual(['keeper', 'neighbour']);
  });
});

describe('deployments', () => {
  it('and deletions without end leave nothing behind', async () => {
    for (let turn = 0; turn < 15; turn++) {
      const names = Array.from({ length: 4 }, (_, index) => `passing-${turn}-${index}`);
      await Promise.all(names.map((name) => hostile.isola.create(name, answering(JSON.stringify(name)))));
      const answers = await Promise.all(names.map((name) => hostile.invoke(name)));
      expect(answers.map(({ payload }) => payload)).toEqual(names);
      const deleting = names.map((FunctionName) => new DeleteFunctionCommand({ FunctionName }));
      await Promise.all(deleting.map((command) => hostile.isola.client.send(command)));
      await expect(hostile.invoke(names[0] as string)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    }
  });

  it('of the same function at the same time end with one of them, whole', async () => {
    const codes = Array.from({ length: 10 }, (_, index) => answering(String(index)));
    const created = await Promise.allSettled(codes.map((code) => hostile.isola.create('contested', code)));
    expect(created.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const { reason } of created.filter((each) => each.status === 'rejected')) {
      expect(reason).toMatchObject({ name: 'ResourceConflictException' });
    }
    const update = (ZipFile: Uint8Array) =>
      hostile.isola.client.send(new UpdateFunctionCodeCommand({ FunctionName: 'contested', ZipFile }));
    const invoking = Array.from({ length: 30 }, () => hostile.invoke('contested'));
    const updated = await Promise.allSettled(codes.map(update));
    for (const result of updated.filter((each) => each.status === 'rejected')) {
      expect(result.reason).toMatchObject({ name: 'ResourceConflictException' });
    }
    for (const { status, payload } of await Promise.all(invoking)) {
      expect([status, Number.isInteger(payload)]).toEqual([200, true]);
    }
    const { CodeSha256 } = await hostile.isola.client.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'contested' }),
    );
    const last = updated.findLast((each) => each.status === 'fulfilled');
    expect(updated.some((each) => each.status === 'fulfilled' && each.value.CodeSha256 === CodeSha256)).toBe(true);
    expect(last).toBeDefined();
    const [one, two] = [await hostile.invoke('contested'), await hostile.invoke('contested')];
    expect(one.payload).toBe(two.payload);
    await hostile.isola.client.send(new DeleteFunctionCommand({ FunctionName: 'contested' }));
  });
});

describe('a crowd', () => {
  it('of a thousand calls of a spinning function is stopped, each of them, and a neighbour comes through', async () => {
    const Environment = { Variables: { ISOLA_FUEL: '4000000' } };
    await hostile.deploy('spin', { Environment });
    let ended = 0;
    const calls = Array.from({ length: 1_000 }, async () => {
      const answer = await hostile.invoke('spin');
      ended++;
      return answer;
    });
    await Promise.race(calls);
    expect(await hostile.invoke('neighbour', 'here')).toMatchObject({ payload: 'here' });
    expect(ended).toBeLessThan(1_000);
    for (const answer of await Promise.all(calls)) expect(answer).toMatchObject(ownError('Sandbox.Timedout'));
  });
});
