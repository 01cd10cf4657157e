import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { type InThread, textOf, toInThread } from '../support/in-thread.ts';
import { processorMs } from '../support/processor-time.ts';
import { guest } from '../support/wat.ts';
import { fixtureNames, fromWat, isLacking, LACKING } from '../wasm/fixture.ts';

/** More than one: every kind is interrupted so often, and how late is printed. */
const ROUNDS = Number(process.env.INTERRUPTION_ROUNDS ?? 1);
const TIMEOUT_MS = 100;
/** Wide, for slow machines: the aim is ten. */
const MOST_LATE_MS = 150;

const late = new Map<string, number[]>();

/** Guests with 64-bit addresses in their first memory have no ABI; test/wasm/hostile ends them. */
const names = fixtureNames('hostile').filter((name) => !readHostile(name).includes('(memory i64'));

function readHostile(name: string): string {
  return readFileSync(`test/fixtures/wat/hostile/${name}.wat`, 'utf8').trimEnd();
}

/** A hostile fixture as a guest of the buffer ABI: an event of one byte it answers, at any other it runs for ever. */
function toGuest(name: string): Uint8Array {
  const text = readHostile(name);
  const run = /\(func (\$\w+ )?\(export "run"\)/.exec(text);
  if (!run) throw new Error(`${name} exports no run`);
  const memory = text.includes('(memory') ? '' : '(memory 2)';
  const named = text.replace(run[0], `(func $run (export "run")`).slice(0, -1);
  const drop = /^\(func .*?\(result/.test(text.slice(run.index)) ? 'drop' : 'nop';
  return fromWat(`${named} ${memory}
    (func (export "isola_alloc") (param i32) (result i32) (i32.const 0))
    (func (export "handler") (param i32 i32) (result i64)
      (if (i32.ne (local.get 1) (i32.const 1)) (then (call $run) (${drop})))
      (i64.const 1)))`);
}

/** Ends the guest; how late, not counting what the machine did meanwhile: no more than its last slice took. */
function interrupt(invokeText: InThread['invokeText']): { outcome: Outcome; durationMs: number; lateMs: number } {
  let last = processorMs();
  const outcome = invokeText('12', () => {
    last = processorMs();
  });
  const lastSliceMs = processorMs() - last;
  const durationMs = 'report' in outcome ? outcome.report.durationMs : Number.NaN;
  return { outcome, durationMs, lateMs: Math.min(durationMs - TIMEOUT_MS, lastSliceMs) };
}

afterAll(() => {
  if (ROUNDS === 1) return;
  const quantile = (times: readonly number[], part: number) => times[Math.ceil(part * times.length) - 1]?.toFixed(2);
  for (const [name, times] of late) {
    times.sort((a, b) => a - b);
    process.stdout.write(`${name.padEnd(28)} ms late: p50 ${quantile(times, 0.5)}, max ${quantile(times, 1)}\n`);
  }
});

const neighbour = toInThread(guest('echo'));

it.for(names)('%s ends at its deadline, and its thread serves on', (name, { skip }) => {
  const wasm = toGuest(name);
  if (isLacking(wasm)) skip(LACKING);
  const { invokeText } = toInThread(wasm, {
    settings: { timeoutMs: TIMEOUT_MS, memoryMb: 1024 },
    build: { initTimeoutMs: TIMEOUT_MS },
  });
  for (let round = 0; round < ROUNDS; round++) {
    const { outcome, durationMs, lateMs } = interrupt(invokeText);
    expect(outcome).toMatchObject({ kind: 'timed-out', cause: 'deadline' });
    expect(durationMs).toBeGreaterThanOrEqual(TIMEOUT_MS);
    expect(lateMs).toBeLessThan(MOST_LATE_MS);
    late.set(name, [...(late.get(name) ?? []), lateMs]);
    expect(textOf(neighbour.invoke({ round }))).toBe(`{"round":${round}}`);
    if (name !== 'start') expect(invokeText('1')).toMatchObject({ kind: 'succeeded' });
  }
});
