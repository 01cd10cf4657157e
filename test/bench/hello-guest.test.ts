import { beforeAll, expect, it } from 'vitest';
import { compileGuest } from '../../bench/guests.ts';

interface Guest {
  readonly memory: WebAssembly.Memory;
  isola_alloc(length: number): number;
  handler(at: number, length: number): bigint;
}

let guest: Guest;
beforeAll(async () => {
  const module = new WebAssembly.Module(Buffer.from(await compileGuest('hello')));
  guest = new WebAssembly.Instance(module).exports as unknown as Guest;
});

it('greets whom the event names, as JSON', () => {
  expect(call('{"name":"Ada","n":3}')).toBe('{"message":"Hello, Ada!"}');
  expect(call('{"n":3,"name":""}')).toBe('{"message":"Hello, !"}');
  expect(JSON.parse(call(JSON.stringify({ name: 'a "b" \\ é\n' })))).toEqual({ message: 'Hello, a "b" \\ é\n!' });
});

it('greets the world when nobody is named', () => {
  for (const event of ['{}', '', '{"name":3}', '{"name"']) expect(call(event)).toBe('{"message":"Hello, world!"}');
});

function call(event: string): string {
  const bytes = Buffer.from(event);
  const at = guest.isola_alloc(bytes.length);
  new Uint8Array(guest.memory.buffer, at, bytes.length).set(bytes);
  const result = guest.handler(at, bytes.length);
  return Buffer.from(guest.memory.buffer, Number(result >> 32n), Number(result & 0xffffffffn)).toString();
}
