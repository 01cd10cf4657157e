import { expect, it } from 'vitest';
import { type AskHost, type HostRequest, toHostAnswer } from '../../runtime/contract/host-call.ts';
import { textOf, toInThread } from '../support/in-thread.ts';
import { guest } from '../support/wat.ts';

/** A host that has answered before anyone waits. */
const ask: AskHost = () => ({ cell: new Int32Array(1), call: 0, take: () => toHostAnswer({ ok: true }) });

it('answers ranges outside of the memory, and lengths beyond the limits, with an error value', () => {
  expect(textOf(toInThread(guest('wild-calls'), { host: { ask } }).invoke())).toBe('1');
});

it('refuses calls of the initialisation, whether an image is taken or an invocation waits for it', () => {
  for (const build of [{}, { initTimeoutMs: 0 }]) {
    const outcome = toInThread(guest('early-caller'), { host: { ask }, build }).invoke();
    expect(JSON.parse(textOf(outcome))).toMatchObject({ error: { type: 'NotAvailable' } });
  }
});

it('refuses calls of the warm-up', () => {
  const asked: HostRequest[] = [];
  const counting: AskHost = (request) => {
    asked.push(request);
    return ask(request);
  };
  const { invoke } = toInThread(guest('caller'), { host: { ask: counting }, build: { warmUp: '{}' } });
  expect(asked).toHaveLength(0);
  expect(textOf(invoke())).toBe('{"ok":true}\n');
  expect(asked).toHaveLength(1);
});

it('forgets the answer with the invocation', () => {
  const { invoke } = toInThread(guest('wild-calls'), {
    host: { ask },
    settings: { isolation: 'environment' },
  });
  expect([invoke(), invoke()].map(textOf)).toEqual(['1', '1']);
});
