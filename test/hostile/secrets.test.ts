import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemble, guest } from '../support/wat.ts';
import { type HostileIsola, startHostileIsola } from './hostile-isola.ts';

/** The guest with so many pages of memory, as a module of its own for each owner. */
function secret(pages: number, owner: string): Uint8Array {
  const text = readFileSync('test/fixtures/guests/secret.wat', 'utf8');
  const changed = text.replace('(memory (export "memory") 2)', `(memory (export "memory") ${pages})`);
  return assemble(changed.replace('"01"', `"01${owner}"`));
}

const WAYS = [
  [1, 'returns'],
  [2, 'grows its memory and returns'],
  [3, 'traps'],
  [4, 'runs into its timeout'],
  [5, 'grows its memory and traps'],
  [6, 'fills its memory'],
] as const;

/** A timeout takes a second each. */
const roundsOf = (way: number) => (way === 4 ? 1 : 3);

// One thread, so that every invocation follows the one before in the same isolate or on its memory.
describe.each([
  ['auto', 2],
  ['auto', 16],
  ['copy', 2],
  ['copy', 16],
] as const)('a secret left behind, with snapshots by %s of %i pages', (snapshot, pages) => {
  let hostile: HostileIsola;
  beforeAll(async () => {
    hostile = await startHostileIsola({ env: { ISOLA_SNAPSHOT: snapshot, ISOLA_THREADS: '1' } });
    for (const owner of ['a', 'b']) await hostile.isola.create(owner, secret(pages, owner), { Timeout: 1 });
    await hostile.deploy('secret-table');
    await hostile.deploy('secret-file');
  });
  afterAll(() => hostile.stop());

  it.each(WAYS)('is not found by the next invocation (%i: the one before %s)', async (way) => {
    for (let round = 0; round < roundsOf(way); round++) {
      await hostile.invoke('a', way);
      expect(await hostile.invoke('a', 0)).toMatchObject({ error: undefined, payload: 0 });
    }
  });

  it.each(WAYS)('is not found by another function on the same memory (%i: the one before %s)', async (way) => {
    const orders = ['ab', 'ba', 'ab'].slice(0, roundsOf(way)).map((order) => [...order] as [string, string]);
    for (const [writer, reader] of orders) {
      await hostile.invoke(writer, way);
      expect(await hostile.invoke(reader, 0)).toMatchObject({ error: undefined, payload: 0 });
    }
  });

  it('is not found in tables, dropped segments and references', async () => {
    for (const event of [0, 1, 0, 1, 1, 0]) {
      expect(await hostile.invoke('secret-table', event)).toMatchObject({ error: undefined, payload: 0 });
    }
  });

  it('is not found in /tmp or in the descriptors', async () => {
    for (let round = 0; round < 3; round++) {
      expect(await hostile.invoke('secret-file')).toMatchObject({ error: undefined, payload: '07' });
    }
  });
});

describe('a secret under reuse of the environment', () => {
  it('stays with its function, and is gone after a failure', async () => {
    const hostile = await startHostileIsola({ env: { ISOLA_THREADS: '1' } });
    const Environment = { Variables: { ISOLA_ISOLATION: 'environment' } };
    await hostile.isola.create('kept', secret(2, 'k'), { Timeout: 1, Environment });
    await hostile.isola.create('other', guest('secret'), { Timeout: 1, Environment });
    await hostile.invoke('kept', 1);
    expect(await hostile.invoke('kept', 0)).toMatchObject({ payload: 1 });
    expect(await hostile.invoke('other', 0)).toMatchObject({ payload: 0 });
    await hostile.invoke('kept', 3);
    expect(await hostile.invoke('kept', 0)).toMatchObject({ payload: 0 });
    expect(await hostile.invoke('other', 0)).toMatchObject({ payload: 0 });
    await hostile.stop();
  });
});
