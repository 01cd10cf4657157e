import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { assemble, guest } from '../support/wat.ts';
import { exitedBy, type HostileIsola, startHostileIsola } from './hostile-isola.ts';

let hostile: HostileIsola;
beforeAll(async () => {
  hostile = await startHostileIsola();
  await Promise.all(['traps', 'balloon', 'table-bomb', 'trap-at-start'].map((fixture) => hostile.deploy(fixture)));
});
afterEach(() => hostile.assertUnharmed());
afterAll(() => hostile.stop());

describe('a guest that traps', () => {
  it.each([
    [0, 'unreachable'],
    [1, 'divide by zero'],
    [2, 'divide result unrepresentable'],
    [3, 'float unrepresentable in integer range'],
    [4, 'memory access out of bounds'],
    [5, 'function signature mismatch'],
    [6, 'function signature mismatch'],
    [7, 'table index is out of bounds'],
    [8, 'unreachable'],
    [9, 'memory access out of bounds'],
  ])('in way %i is told so: %s', async (kind, how) => {
    expect(await hostile.invoke('traps', kind)).toMatchObject(exitedBy(how));
    expect(await hostile.invoke('traps', kind)).toMatchObject(exitedBy(how));
  });

  it('in its start function is told so at every invocation', async () => {
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await hostile.invoke('trap-at-start')).toMatchObject(exitedBy('trap: unreachable'));
    }
  });
});

describe('a guest that bursts', () => {
  it('dies of its memory limit, every time, and the memory comes back', async () => {
    for (let attempt = 0; attempt < 40; attempt++) {
      expect(await hostile.invoke('balloon')).toMatchObject(exitedBy('signal: killed'));
    }
  });

  it.each([
    ['by growing', '(memory 2)', '(drop (memory.grow (i32.const 1500)))'],
    ['from the start', '(memory 1502)', ''],
    ['from the start, without an image', '(memory 1502)', '(table.set $t (i32.const 0) (ref.null func))'],
  ])('that touches all it gets %s does not keep it', async (how, memory, change) => {
    const touching = `(module ${memory} (table $t 1 funcref)
      (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "handler") (param i32 i32) (result i64)
        ${change}
        (memory.fill (i32.const 4096) (i32.const 1) (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4096)))
        (i64.or (i64.const 0x40000000000) (i64.const 2))))`;
    const name = how.replaceAll(/\W+/g, '-');
    await hostile.isola.create(name, assemble(touching), { Timeout: 10 });
    for (let attempt = 0; attempt < 15; attempt++) {
      expect(await hostile.invoke(name)).toMatchObject({ status: 200, error: undefined, payload: {} });
    }
  });

  it('may grow its table to the bound and no further', async () => {
    for (let attempt = 0; attempt < 10; attempt++) {
      expect(await hostile.invoke('table-bomb')).toMatchObject({ error: undefined, payload: 1 });
    }
  });

  it.each([
    ['memory', guest('greedy'), 'needs 256 MB'],
    ['a table', assemble('(module (memory 1) (table 1000001 funcref) (func (export "isola_alloc")))'), 'tables of'],
    [
      'tables',
      assemble(`(module (memory 1) ${'(table 20000 funcref)'.repeat(60)} (func (export "isola_alloc")))`),
      'tables',
    ],
  ])('is refused when it starts too large: %s', async (what, code, message) => {
    await expect(hostile.isola.create(`greedy-${what.replace(' ', '-')}`, code)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining(message),
    });
  });

  it('may have a giant br_table', async () => {
    const targets = '0 '.repeat(65_000);
    const branching = `(module (memory 2)
      (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "handler") (param $ptr i32) (param $len i32) (result i64)
        (loop $again (br_table ${targets} (local.get $len)))
        (i64.const 0)))`;
    await hostile.isola.create('branches', assemble(branching), { Timeout: 1 });
    expect(await hostile.invoke('branches')).toMatchObject({ payload: { errorType: 'Sandbox.Timedout' } });
  });
});
