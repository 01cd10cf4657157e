import { expect, it } from 'vitest';
import { textOf, toInThread } from '../support/in-thread.ts';
import { guest } from '../support/wat.ts';

const neighbour = toInThread(guest('echo'));

it.each([
  ['by itself', 'recurse', '0'],
  ['mutually', 'recursions', '0'],
  ['through a table', 'recursions', '1'],
  ['calling the host at each depth', 'recursions', '2'],
  ['inside of handlers that pass on', 'recursions-in-handlers', '0'],
  ['inside of handlers that recurse again', 'recursions-in-handlers', '1'],
  ['inside of handlers that swallow all they catch', 'recursions-in-handlers', '2'],
  ['inside of such handlers, calling the host at each depth', 'recursions-in-handlers', '4'],
])('a guest that recurses %s ends as a stack overflow, ten times in one thread that serves on', (_, name, event) => {
  const { invokeText } = toInThread(guest(name), { settings: { timeoutMs: 10_000 } });
  for (let attempt = 0; attempt < 10; attempt++) {
    expect(invokeText(event)).toMatchObject({
      kind: 'function-error',
      error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('stack overflow') },
    });
    expect(textOf(neighbour.invoke({ attempt }))).toBe(`{"attempt":${attempt}}`);
  }
});

it('a guest that recurses inside of handlers and counts at each depth ends at its deadline at the latest', () => {
  const { invokeText } = toInThread(guest('recursions-in-handlers'), { settings: { timeoutMs: 100 } });
  for (let attempt = 0; attempt < 3; attempt++) {
    const outcome = invokeText('3');
    expect(['timed-out', 'function-error']).toContain(outcome.kind);
    expect(textOf(neighbour.invoke({ attempt }))).toBe(`{"attempt":${attempt}}`);
  }
});
