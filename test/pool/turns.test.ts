import { describe, expect, it } from 'vitest';
import { GuestTurn } from '../../runtime/pool/guest-turn.ts';
import { Turns } from '../../runtime/pool/turns.ts';
import { startPool, textOf } from './fixture.ts';

const fuelOf = (outcome: object): number =>
  'report' in outcome ? (outcome.report as { fuel: number }).fuel : Number.NaN;

describe('turns', () => {
  it('leave each long guest a core while there are enough', () => {
    const turns = Turns.create(4, 2);
    turns.join(0, 0);
    turns.join(1, 0);
    for (const seat of [0, 1]) expect(turns.mayGoOn(seat, 'due')).toBe(true);
  });

  it('let go on as many as there are cores, those that have had least', () => {
    const turns = Turns.create(4, 2);
    for (const seat of [0, 1, 2]) turns.join(seat, 0);
    for (const [seat, had] of [30, 10, 20].entries()) turns.charge(seat, had);
    expect([0, 1, 2].map((seat) => turns.mayGoOn(seat, 'due'))).toEqual([false, true, true]);
  });

  it('take a guest that rests into account when the turn of one that runs is over, and not before', () => {
    const turns = Turns.create(4, 1);
    turns.join(0, 0);
    turns.join(1, 0);
    turns.charge(1, 10);
    turns.beginRest(0);
    expect([turns.mayGoOn(1, 'lasts'), turns.mayGoOn(1, 'due')]).toEqual([true, false]);
  });

  it('are quick work before anything', () => {
    const turns = Turns.create(4, 2);
    turns.join(0, 0);
    turns.join(1, 0);
    turns.countBusy(1);
    expect([0, 1].map((seat) => turns.mayGoOn(seat, 'lasts'))).toEqual([true, false]);
    turns.countBusy(1);
    expect(turns.mayGoOn(0, 'lasts')).toBe(false);
    turns.countBusy(-1);
    expect(turns.mayGoOn(0, 'lasts')).toBe(true);
  });

  it('pass to the one that has had least when one that runs leaves', () => {
    const turns = Turns.create(4, 1);
    for (const seat of [0, 1, 2]) turns.join(seat, 0);
    for (const [seat, had] of [9, 5, 7].entries()) turns.charge(seat, had);
    turns.beginRest(1);
    turns.beginRest(2);
    expect(turns.rest(1, 0)).toBe(false);
    expect(turns.leave(0)).toBe(9);
    expect([turns.rest(1, 0), turns.rest(2, 0)]).toEqual([true, false]);
  });

  it('begin with as much as the one that has had least, so that nobody saves up', () => {
    const turns = Turns.create(4, 1);
    turns.join(0, 0);
    turns.charge(0, 500);
    turns.join(1, 0);
    expect(turns.leave(1)).toBe(500);
  });

  it('end at the deadline, and come back now and then whatever quick work there is', () => {
    const turns = Turns.create(4, 1);
    turns.countBusy(1);
    let looks = 0;
    const turn = new GuestTurn(turns, 0, () => looks++);
    const began = performance.now();
    expect(turn.take(128, began, began + 60_000)).toBeGreaterThan(began);
    expect(looks).toBeGreaterThan(0);
    const now = performance.now();
    turns.beginRest(1);
    expect(turn.take(128, now, now + 30)).toBeGreaterThanOrEqual(now + 9);
    expect(turn.end(performance.now())).toBeGreaterThan(8);
  });

  it('are no reason to take a guest for settled while it rests or others have the processor', () => {
    const delay = { ms: 0, read: () => delay.ms };
    const turn = new GuestTurn(Turns.create(1, 1), 0, () => undefined, delay);
    const lookAfter = (slices: number, at: number) => {
      for (let slice = 0; slice < slices; slice++) turn.isDue(at);
      return turn.paceAt(at);
    };
    turn.begin(1_000);
    expect(lookAfter(1, 1_002.5)).toBeUndefined();
    delay.ms = 97;
    expect(lookAfter(1, 1_100)).toBeUndefined();
    expect(lookAfter(2, 1_101)).toBe('long');
    delay.ms = 197;
    expect(lookAfter(4, 1_210)).toBeUndefined();
    expect(lookAfter(4, 1_220)).toBe('settled');
    expect(turn.end(1_220)).toBe(197);
  });

  it('count no delay that is older than the guest', () => {
    const delay = { ms: 50_000, read: () => delay.ms };
    const turn = new GuestTurn(Turns.create(1, 1), 0, () => undefined, delay);
    turn.begin(1_000);
    expect(turn.end(1_004)).toBe(4);
  });

  it('give those that take turns on one core time in proportion', () => {
    const turns = Turns.create(4, 1);
    const parts = [1, 4, 2];
    const had = [0, 0, 0];
    for (const seat of parts.keys()) turns.join(seat, 0);
    for (const seat of [1, 2]) turns.beginRest(seat);
    for (let ms = 0; ms < 7_000; ms++) {
      const running = parts.findIndex((_, seat) => turns.rest(seat, 0));
      turns.charge(running, 1 / (parts[running] as number));
      had[running] = (had[running] as number) + 1;
      if (!turns.mayGoOn(running, 'due')) turns.beginRest(running);
    }
    for (const [seat, part] of parts.entries()) expect(Math.abs((had[seat] as number) - 1_000 * part)).toBeLessThan(20);
  });
});

describe('guests that run long', () => {
  it('share what there is by their memory when there are more of them than cores', async () => {
    const { invoke } = await startPool({ threads: 4, cores: 1 });
    const settings = { timeoutMs: 4_000 };
    const outcomes = await Promise.all(
      [256, 1_024].map((memoryMb) => invoke('spin', 0, { ...settings, memoryMb, revision: `of-${memoryMb}` })),
    );
    const [small, large] = outcomes.map(fuelOf) as [number, number];
    expect(large / small).toBeGreaterThan(1.5);
    expect(small).toBeGreaterThan(0);
  });

  it('have a core each while nobody else wants it', async () => {
    const { invoke } = await startPool({ threads: 4, cores: 2 });
    const outcomes = await Promise.all(
      [128, 1_024].map((memoryMb) => invoke('spin', 0, { timeoutMs: 1_500, memoryMb, revision: `of-${memoryMb}` })),
    );
    const [small, large] = outcomes.map(fuelOf) as [number, number];
    expect(large / small).toBeLessThan(3);
  });

  it('end in time however many take turns, while quick ones go past them', async () => {
    const { invoke, deaths } = await startPool({
      ...{ threads: 2, cores: 1, mostParked: 12 },
      turns: {
        isSlow: ({ target }) => target.name === 'spin',
        ...{ grown: () => undefined, ranLong: () => undefined, settled: () => undefined },
      },
    });
    await invoke('echo');
    let ended = 0;
    const spinning = Array.from({ length: 8 }, () => invoke('spin', 0, { timeoutMs: 6_000 }).finally(() => ended++));
    for (let index = 0; index < 30; index++) expect(textOf(await invoke('echo', index))).toBe(String(index));
    expect(ended).toBe(0);
    for (const outcome of await Promise.all(spinning)) expect(outcome).toMatchObject({ kind: 'timed-out' });
    expect(deaths).toEqual([]);
  });
});
