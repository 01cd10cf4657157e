import { describe, expect, it } from 'vitest';
import { DATA, Fd, Guest, PATH, RESULT, write } from './guest.ts';

const POINTERS = 0x5000;

const strings = (guest: Guest, family: 'args' | 'environ'): string[] => {
  expect(guest.call(`${family}_sizes_get`, RESULT, RESULT + 4)).toBe('SUCCESS');
  const [count, length] = [guest.u32(), guest.u32(RESULT + 4)];
  guest.clear();
  expect(guest.call(`${family}_get`, POINTERS, DATA)).toBe('SUCCESS');
  expect(guest.writtenOutside([POINTERS, count * 4], [DATA, length])).toEqual([]);
  return Array.from({ length: count }, (_, index) => {
    const at = guest.u32(POINTERS + index * 4);
    return guest.text(at, guest.bytes.indexOf(0, at) - at);
  });
};

describe('arguments and environment', () => {
  it('arrive as terminated strings, and nothing else is written', () => {
    const guest = new Guest({}, { args: ['program', '', 'größe'], env: { A: '1', B: 'x=y' } });
    expect(strings(guest, 'args')).toEqual(['program', '', 'größe']);
    expect(strings(guest, 'environ')).toEqual(['A=1', 'B=x=y']);
  });

  it('may be empty', () => {
    const guest = new Guest({}, { args: [], env: {} });
    expect(strings(guest, 'args')).toEqual([]);
    expect(strings(guest, 'environ')).toEqual([]);
  });

  it('are written whole or not at all', () => {
    const guest = new Guest({}, { args: ['program', 'argument'] });
    guest.clear();
    expect(guest.call('args_get', POINTERS, 4 * 65_536 - 10)).toBe('FAULT');
    expect(guest.call('args_get', 4 * 65_536 - 4, DATA)).toBe('FAULT');
    expect(guest.call('args_sizes_get', RESULT, -1)).toBe('FAULT');
    expect(guest.writtenOutside()).toEqual([]);
  });
});

describe('random bytes', () => {
  it('fill what was asked for, in pieces', () => {
    const pieces: number[] = [];
    const guest = new Guest({ random: (target) => pieces.push(target.fill(1).length) });
    expect(guest.call('random_get', PATH, 150_000)).toBe('SUCCESS');
    expect(pieces).toEqual([65_536, 65_536, 18_928]);
    expect(guest.bytes.subarray(PATH, PATH + 150_000).every((byte) => byte === 1)).toBe(true);
    expect(guest.writtenOutside([PATH, 150_000])).toEqual([]);
    expect(guest.call('random_get', PATH, -1)).toBe('FAULT');
  });
});

describe('what there is not', () => {
  it('answers an errno: signals, sockets', () => {
    const guest = new Guest();
    expect(guest.call('proc_raise', 9)).toBe('NOTSUP');
    expect(guest.call('sock_accept', Fd.TMP, 0, RESULT)).toBe('NOTSOCK');
    expect(guest.call('sock_recv', Fd.STDIN, 0, 0, 0, 0, 0)).toBe('NOTSOCK');
    expect(guest.call('sock_send', Fd.STDOUT, 0, 0, 0, 0)).toBe('NOTSOCK');
    expect(guest.call('sock_shutdown', 999, 0)).toBe('BADF');
  });

  it('yielding is nothing, successfully', () => {
    expect(new Guest().call('sched_yield')).toBe('SUCCESS');
  });
});

describe('fuel', () => {
  it('is charged for every call, and by the bytes that move', () => {
    const guest = new Guest();
    const costOf = (act: () => unknown): number => {
      const before = guest.fuel;
      act();
      return guest.fuel - before;
    };
    const empty = costOf(() => write(guest, Fd.STDOUT, ''));
    expect(empty).toBeGreaterThan(0);
    expect(costOf(() => write(guest, Fd.STDOUT, new Uint8Array(8000)))).toBe(empty + 1000);
    expect(costOf(() => guest.call('fd_close', 999))).toBeGreaterThan(0);
  });
});
