import { describe, expect, it } from 'vitest';
import type { ChangeReader } from '../../runtime/cluster/change-counters.ts';
import { FunctionView } from '../../runtime/cluster/function-view.ts';
import type { Target } from '../../runtime/cluster/questions.ts';
import { LambdaError } from '../../runtime/contract/errors.ts';

const SCOPE = { region: 'us-east-1', accountId: '000000000000' };

/** A keeper that answers when the test says so, and numbers that the test counts up. */
function createFixture() {
  let now = 0;
  const open: ((answer: Target | LambdaError) => void)[] = [];
  const reserved: number[] = [];
  const changes = {
    moment: () => Int32Array.of(now),
    isNow: (moment: Int32Array) => moment[0] === now,
    holds: (moment: Int32Array) => moment[0] === now,
  } as unknown as ChangeReader;
  const view = new FunctionView({
    changes,
    ask: () =>
      new Promise((resolve, reject) => {
        open.push((answer) => (answer instanceof LambdaError ? reject(answer) : resolve(answer as never)));
      }),
    reserved: (_scope, count) => reserved.push(count),
  });
  return {
    view,
    reserved,
    change: () => now++,
    asked: () => open.length,
    answer: (given: Target | LambdaError) => open.shift()?.(given),
  };
}

const target = (version: string): Target => ({
  version: { arn: 'arn:aws:lambda:us-east-1:000000000000:function:f', name: 'f', version } as Target['version'],
  isAnyones: true,
  mayLog: true,
  reserved: 3,
});

describe("a front's view of the functions", () => {
  it('asks once, and again after a change', async () => {
    const { view, change, asked, answer } = createFixture();
    const both = [view.findFunction(SCOPE, 'f'), view.findFunction(SCOPE, 'f')];
    expect(asked()).toBe(1);
    answer(target('1'));
    for (const each of both) expect(await each).toMatchObject({ version: { version: '1' } });
    expect(view.findFunction(SCOPE, 'f')).toMatchObject({ version: { version: '1' } });
    expect(view.resolve(SCOPE, 'f').version).toBe('1');
    change();
    const again = view.findFunction(SCOPE, 'f');
    answer(target('2'));
    expect(await again).toMatchObject({ version: { version: '2' } });
    expect(view.resolve(SCOPE, 'f').version).toBe('2');
  });

  it('keeps no answer to a question that was asked before a change', async () => {
    const { view, change, asked, answer } = createFixture();
    const early = view.findFunction(SCOPE, 'f');
    change();
    const late = view.findFunction(SCOPE, 'f');
    expect(asked()).toBe(2);
    answer(target('1'));
    await early;
    expect(view.findFunction(SCOPE, 'f')).toBeInstanceOf(Promise);
    answer(target('2'));
    expect(await late).toMatchObject({ version: { version: '2' } });
  });

  it('keeps the newer answer when the older one comes after it', async () => {
    const { view, change, asked, answer } = createFixture();
    const early = view.findFunction(SCOPE, 'f');
    change();
    const late = view.findFunction(SCOPE, 'f');
    expect(asked()).toBe(2);
    answer(target('1'));
    answer(target('2'));
    await Promise.all([early, late]);
    expect(await view.findFunction(SCOPE, 'f')).toMatchObject({ version: { version: '2' } });
  });

  it('keeps nothing of what there is none of', async () => {
    const { view, asked, answer } = createFixture();
    const found = view.findFunction(SCOPE, 'f');
    answer(new LambdaError('ResourceNotFoundException', 'none'));
    await expect(found).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    void view.findFunction(SCOPE, 'f');
    expect(asked()).toBe(1);
    expect(() => view.resolve(SCOPE, 'f')).toThrow(LambdaError);
  });

  it('lets lines into the log as it was told, and tells what is reserved', async () => {
    const { view, reserved, answer } = createFixture();
    const known = target('1');
    const found = view.findFunction(SCOPE, 'f');
    answer(known);
    await found;
    expect([view.mayLog(known.version), view.mayLog({ ...known.version })]).toEqual([true, false]);
    expect(reserved).toEqual([3]);
  });
});
