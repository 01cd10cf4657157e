import { expect } from 'vitest';
import type { WireAnswer } from '../support/exchange.ts';
import type { Malformed } from './malformed-service-request.ts';

/** What a malformed request may be answered with. */
const STATUSES = [400, 403, 404, 409, 413, 429, 431];
const XML =
  /^<ErrorResponse xmlns="[^"]+"><Error><Type>Sender<\/Type><Code>[\w.]+<\/Code><Message>[^<]+<\/Message><\/Error>/;

/** An error as clients of the request's protocol read it. */
export function expectRefusal({ protocol, wire, signing }: Malformed, answer: WireAnswer): void {
  const text = answer.body.toString();
  const shown = `${signing} ${wire.method} ${wire.path} ${JSON.stringify(wire.headers)} ${String(wire.body).slice(0, 500)}\n${answer.status} ${text.slice(0, 500)}`;
  expect(STATUSES, shown).toContain(answer.status);
  expect(answer.headers, shown).not.toHaveProperty('x-injected');
  if (protocol === 'query') expect(text, shown).toMatch(XML);
  else {
    const { __type, message, Message } = JSON.parse(text);
    const type =
      protocol === 'json' && __type !== undefined ? __type.replace(/^.*#/, '') : answer.headers['x-amzn-errortype'];
    expect(type, shown).toMatch(/^[A-Z][\w.]+$/);
    expect(message ?? Message, shown).toMatch(/./);
  }
}
