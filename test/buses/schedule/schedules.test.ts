import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toRuleArn } from '../../../runtime/buses/bus-arn.ts';
import type { RuleRecord } from '../../../runtime/buses/rule-record.ts';
import { Schedules, type Timed } from '../../../runtime/buses/schedule/schedules.ts';
import { type RuleActions, toTimedRule } from '../../../runtime/buses/schedule/timed-rule.ts';
import { silentObserver } from '../../../runtime/contract/observer.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-03-01T10:00:30Z');

let marks: Map<string, number>;
const opened: Schedules[] = [];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: START });
  marks = new Map();
});
afterEach(async () => {
  for (const schedules of opened.splice(0)) await schedules.close();
  vi.useRealTimers();
});

function rule(name: string, schedule: string, more: Partial<RuleRecord> = {}): RuleRecord {
  return {
    ...{ region: 'us-east-1', accountId: '000000000000', bus: 'default', name, schedule, state: 'ENABLED' },
    ...{ targets: [], tags: {}, scheduledAt: START, activeSince: START },
    ...more,
  };
}

/** Schedules of a process that starts now. `fired` has the name of the rule and the tick as the clock shows it. */
function start(rules: readonly RuleRecord[], fails: () => boolean = () => false) {
  const fired: string[] = [];
  const noticed: string[] = [];
  const current = { rules };
  const toTimed = (all: readonly RuleRecord[]) => all.flatMap((each) => toTimedRule(each, actions) ?? []);
  const actions: RuleActions = {
    async fire(fire, tick) {
      if (fails()) throw new Error('the disk is full');
      fired.push(`${fire.name} ${new Date(tick).toISOString().slice(11, 19)}`);
      marks.set(toRuleArn(fire), tick);
    },
    pass: async (passed, until) => void marks.set(toRuleArn(passed), until),
  };
  const schedules = new Schedules({
    ...{ timed: () => toTimed(current.rules), marks: new Map(marks), clock: Date.now, since: Date.now() },
    observer: { ...silentObserver, noticed: (_, message) => void noticed.push(message) },
  });
  opened.push(schedules);
  schedules.refresh();
  return { schedules, fired, noticed, current };
}

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

describe('schedules', () => {
  it('fire rules when they are due, with one timer for all', async () => {
    const rules = [
      rule('rate', 'rate(2 minutes)'),
      rule('cron', 'cron(0/3 * * * ? *)'),
      rule('none', 'cron(0 0 31 2 ? *)'),
    ];
    const { fired } = start(rules);
    expect(vi.getTimerCount()).toBe(1);
    await pass(6 * MINUTE);
    expect(fired).toEqual(['rate 10:02:30', 'cron 10:03:00', 'rate 10:04:30', 'cron 10:06:00', 'rate 10:06:30']);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('have no timer when nothing is scheduled', () => {
    start([rule('off', 'rate(1 minute)', { state: 'DISABLED' }), rule('other', '')]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('do not drift, however late each tick comes', async () => {
    const { fired } = start([rule('a', 'rate(1 minute)')]);
    for (let minute = 1; minute <= 5; minute++) {
      vi.setSystemTime(START + minute * MINUTE + 7_000 * minute);
      await pass(0);
      await pass(1);
    }
    await pass(30 * MINUTE);
    expect(fired.slice(-3)).toEqual(['a 10:33:30', 'a 10:34:30', 'a 10:35:30']);
    expect(fired.every((tick) => tick.endsWith(':30'))).toBe(true);
    expect(new Set(fired).size).toBe(fired.length);
  });

  it('fire each tick once, though the process is started again and again', async () => {
    const rules = [rule('a', 'rate(1 minute)'), rule('b', 'cron(* * * * ? *)')];
    const all: string[] = [];
    for (let at = 0; at < 40; at++) {
      const { schedules, fired } = start(rules);
      await pass(17_000);
      await schedules.close();
      all.push(...fired);
    }
    expect(all.length).toBe(2 * 11);
    expect(new Set(all).size).toBe(all.length);
  });

  it('tell of ticks that were due while the process was not running, once, and do not make up for them', async () => {
    const rules = [rule('a', 'rate(1 minute)'), rule('b', 'cron(0 0 1 1 ? *)'), rule('c', 'cron(5 10 * * ? *)')];
    await start(rules).schedules.close();
    vi.setSystemTime(START + 10 * MINUTE + 1);
    const { schedules, fired, noticed } = start(rules);
    expect(noticed).toEqual([
      'arn:aws:events:us-east-1:000000000000:rule/a missed 10 ticks of its schedule, the last at 2026-03-01T10:10:30.000Z.',
      'arn:aws:events:us-east-1:000000000000:rule/c missed a tick of its schedule, at 2026-03-01T10:05:00.000Z.',
    ]);
    await pass(MINUTE);
    expect(fired).toEqual(['a 10:11:30']);
    await schedules.close();
    expect(start(rules).noticed).toEqual([]);
    vi.setSystemTime(START + 365 * 1_440 * MINUTE);
    expect(start([rule('a', 'rate(1 minute)')]).noticed).toEqual([
      'arn:aws:events:us-east-1:000000000000:rule/a missed 1000 ticks of its schedule or more.',
    ]);
  });

  it('fire what came due between the start of the process and their own', async () => {
    const actions = {
      fire: async (_: RuleRecord, tick: number) => void marks.set('tick', tick),
      pass: async () => undefined,
    };
    const schedules = new Schedules({
      ...{
        timed: () => [toTimedRule(rule('a', 'cron(* * * * ? *)', { activeSince: 0 }), actions) as Timed],
        clock: Date.now,
        observer: silentObserver,
      },
      ...{ marks: new Map([['arn:aws:events:us-east-1:000000000000:rule/a', START - 30_000]]), since: START - 31_000 },
    });
    opened.push(schedules);
    vi.setSystemTime(START + 31_000);
    schedules.refresh();
    await pass(1);
    expect(marks.get('tick')).toBe(START + 30_000);
  });

  it('fire the last of several ticks when the machine was asleep, unless it is late as well', async () => {
    const { fired, noticed } = start([rule('a', 'rate(1 minute)'), rule('b', 'cron(5 10 * * ? *)')]);
    vi.setSystemTime(START + 10 * MINUTE + 5_000);
    await pass(MINUTE);
    expect(fired).toEqual(['a 10:11:30']);
    expect(noticed).toEqual([
      expect.stringContaining('rule/a missed 10 ticks of its schedule, the last at 2026-03-01T10:10:30.000Z.'),
      expect.stringContaining('rule/b missed a tick of its schedule, at 2026-03-01T10:05:00.000Z.'),
    ]);
  });

  it('do not fire again what was fired when the clock is set back', async () => {
    const { fired } = start([rule('a', 'cron(* * * * ? *)')]);
    await pass(2 * MINUTE);
    expect(fired).toEqual(['a 10:01:00', 'a 10:02:00']);
    vi.setSystemTime(START);
    await pass(2 * MINUTE);
    expect(fired).toEqual(['a 10:01:00', 'a 10:02:00']);
    await pass(MINUTE);
    expect(fired.slice(2)).toEqual(['a 10:03:00']);
  });

  it('take up rules that are made, changed, disabled and deleted', async () => {
    const { schedules, fired, current } = start([]);
    current.rules = [rule('a', 'rate(1 minute)'), rule('b', 'rate(1 minute)')];
    schedules.refresh();
    await pass(MINUTE);
    expect(fired).toEqual(['a 10:01:30', 'b 10:01:30']);
    const since = { scheduledAt: Date.now(), activeSince: Date.now() };
    current.rules = [rule('a', 'rate(5 minutes)', since), rule('b', 'rate(1 minute)', { state: 'DISABLED' })];
    schedules.refresh();
    await pass(5 * MINUTE);
    expect(fired.slice(2)).toEqual(['a 10:06:30']);
    current.rules = [];
    schedules.refresh();
    await pass(60 * MINUTE);
    expect([fired.length, vi.getTimerCount()]).toEqual([3, 0]);
  });

  it('fire a tick again that could not be written down, until it is late', async () => {
    let isFull = true;
    const { fired, noticed } = start([rule('a', 'cron(1,5 10 * * ? *)')], () => isFull);
    await pass(33_000);
    expect(fired).toEqual([]);
    expect(noticed[0]).toBe('arn:aws:events:us-east-1:000000000000:rule/a cannot fire: the disk is full');
    isFull = false;
    await pass(1_000);
    expect(fired).toEqual(['a 10:01:00']);
    isFull = true;
    await pass(10 * MINUTE);
    expect(fired.length).toBe(1);
    expect(noticed.at(-1)).toContain('missed a tick of its schedule, at 2026-03-01T10:05:00.000Z.');
  });
});
