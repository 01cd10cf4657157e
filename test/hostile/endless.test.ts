import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { assemble, guest } from '../support/wat.ts';
import { exitedBy, expectTimeout, type HostileIsola, startHostileIsola } from './hostile-isola.ts';

let hostile: HostileIsola;
beforeAll(async () => {
  hostile = await startHostileIsola();
  const endless = ['spin', 'spin-start', 'recursions', 'sleeper', 'lying-allocator'];
  const deep = ['recurse', 'recursions', 'recursions-in-handlers', 'lying-allocator'];
  await Promise.all(endless.map((fixture) => hostile.deployBrief(fixture)));
  await Promise.all(deep.map((fixture) => hostile.deploy(fixture)));
  await hostile.deploy('spin', { Timeout: 5 });
});
afterEach(() => hostile.assertUnharmed());
afterAll(() => hostile.stop());

describe('a guest that never ends', () => {
  it.each([
    ['in its handler', 'spin', 0],
    ['in its start function', 'spin-start', 0],
    ['in its allocator', 'lying-allocator', 1234],
    ['in a tree of calls', 'recursions', 4],
    ['asleep', 'sleeper', 0],
    ['asleep for moments', 'sleeper', 1],
  ])('%s is stopped at its timeout', async (_, name, event) => {
    await expectTimeout(() => hostile.invoke(`brief-${name}`, event));
  });

  it.each([
    ['itself', 'call $f'],
    ['through a table', 'call_indirect (type $t)'],
  ])('calling %s in its tail is stopped at its timeout', async (how, call) => {
    const tail = `(module (type $t (func (param i32) (result i32))) (table funcref (elem $f)) (memory 2)
      (func $f (type $t) (return_${call} (local.get 0)${call === 'call $f' ? '' : ' (i32.const 0)'}))
      (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "handler") (param i32 i32) (result i64) (i64.extend_i32_u (call $f (i32.const 1)))))`;
    const name = how.replaceAll(' ', '-');
    await hostile.isola.create(name, assemble(tail), { Timeout: 1 });
    await expectTimeout(() => hostile.invoke(name));
  });

  it('does not hold up its neighbours', async () => {
    let ended = false;
    const endless = hostile.invoke('spin').finally(() => {
      ended = true;
    });
    for (let index = 0; index < 20; index++) {
      expect(await hostile.invoke('neighbour', index)).toMatchObject({ payload: index });
    }
    expect(ended).toBe(false);
    await endless;
  });

  it('is stopped by its fuel at the same unit each time', async () => {
    const Environment = { Variables: { ISOLA_FUEL: '1000000' } };
    await hostile.isola.create('fuelled', guest('spin'), { Timeout: 60, Environment });
    const [one, two] = [await hostile.invoke('fuelled'), await hostile.invoke('fuelled')];
    const fuelOf = ({ log }: { log: string }) => /Fuel[^:]*: (\d+)/.exec(log)?.[1];
    expect(one).toMatchObject({ payload: { errorType: 'Sandbox.Timedout' } });
    expect(fuelOf(one)).toBe(fuelOf(two));
    expect(Number(fuelOf(one))).toBeGreaterThanOrEqual(1_000_000);
  });
});

describe('a guest that recurses without end', () => {
  it.each([
    ['by itself', 'recurse', 0],
    ['mutually', 'recursions', 0],
    ['through a table', 'recursions', 1],
    ['calling the host at each depth', 'recursions', 2],
    ['logging at each depth', 'recursions', 3],
    ['in its allocator', 'lying-allocator', 12345],
    ['in handlers', 'recursions-in-handlers', 1],
    ['in handlers that swallow', 'recursions-in-handlers', 2],
  ])('%s runs out of its stack and of nothing else', async (_, name, event) => {
    for (let attempt = 0; attempt < 10; attempt++) {
      expect(await hostile.invoke(name, event)).toMatchObject(exitedBy('stack overflow'));
    }
  });

  it('takes no invocation of others along when its stack ends in the host', async () => {
    const deep = Array.from({ length: 6 }, () => hostile.invoke('recursions', 5));
    const others = Array.from({ length: 40 }, (_, index) => hostile.invoke('neighbour', index));
    expect((await Promise.all(others)).map(({ payload }) => payload)).toEqual(others.map((_, index) => index));
    for (const answer of await Promise.all(deep)) expect(answer).toMatchObject({ status: 200, error: 'Unhandled' });
  });
});
