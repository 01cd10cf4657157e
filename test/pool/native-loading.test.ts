import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { NativeLoading } from '../../runtime/pool/native-loading.ts';
import { toFunctionVersion } from '../support/function-version.ts';
import { assemble } from '../support/wat.ts';
import { startPool } from './fixture.ts';

it('a thread is ended at once when it loads nothing, and once it has loaded otherwise', async () => {
  const loading = new NativeLoading();
  const thread = new NativeLoading(loading.shared);
  let ended = 0;
  const end = () => void ended++;
  thread.run(() => {
    loading.endThread(end);
    expect(ended).toBe(0);
  });
  await expect.poll(() => ended).toBe(1);
  new NativeLoading().endThread(end);
  expect(ended).toBe(2);
});

const mapped = assemble(`(module (memory (export "memory") 16) (data (i32.const 9) "x")
  (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "handler") (param i32 i32) (result i64) (i64.const 0)))`);

it('threads that are ended while they load what maps images take nobody along', async () => {
  for (let round = 0; round < 24; round++) {
    const { pool, invoke } = await startPool({ threads: 2 }, { mapped });
    await pool.prepare(toFunctionVersion('mapped'));
    const outcomes = [1, 2].map(() => invoke('mapped'));
    await setTimeout(round / 2);
    await pool.close();
    for (const { kind } of await Promise.all(outcomes)) expect(['succeeded', 'crashed']).toContain(kind);
  }
});
