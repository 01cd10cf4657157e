import { describe, expect, it } from 'vitest';
import { create, DATA, Fd, Guest, opened, RESULT } from './guest.ts';

const SUBSCRIPTIONS_AT = 0x2000;
const Tag = { CLOCK: 0, READ: 1, WRITE: 2 } as const;

interface Subscription {
  readonly tag: number;
  readonly fd?: number;
  readonly clock?: number;
  readonly timeout?: bigint;
  readonly flags?: number;
}

/** Polls; answers the errno, or each event as [userdata, errno, type, bytes]. */
const poll = (guest: Guest, subscriptions: readonly Subscription[]): string | number[][] => {
  for (const [index, { tag, fd, clock, timeout, flags }] of subscriptions.entries()) {
    const at = SUBSCRIPTIONS_AT + index * 48;
    guest.view.setBigUint64(at, BigInt(index), true);
    guest.view.setUint8(at + 8, tag);
    guest.view.setUint32(at + 16, fd ?? clock ?? 1, true);
    guest.view.setBigUint64(at + 24, timeout ?? 0n, true);
    guest.view.setUint16(at + 40, flags ?? 0, true);
  }
  const errno = guest.call('poll_oneoff', SUBSCRIPTIONS_AT, DATA, subscriptions.length, RESULT);
  if (errno !== 'SUCCESS') return errno;
  return Array.from({ length: guest.u32() }, (_, index) => {
    const at = DATA + index * 32;
    return [
      Number(guest.u64(at)),
      guest.view.getUint16(at + 8, true),
      guest.view.getUint8(at + 10),
      Number(guest.u64(at + 16)),
    ];
  });
};

describe('clocks', () => {
  it('tell the time that the host lets the guest see', () => {
    const guest = new Guest();
    const time = (id: number) => [guest.call('clock_time_get', id, 1n, RESULT), guest.u64()];
    guest.now += 500n;
    expect(time(0)).toEqual(['SUCCESS', guest.now * 2n]);
    expect(time(1)).toEqual(['SUCCESS', guest.now]);
    expect(time(2)).toEqual(['SUCCESS', 500n]);
    expect(time(3)).toEqual(['SUCCESS', 500n]);
    expect(guest.call('clock_time_get', 4, 1n, RESULT)).toBe('INVAL');
    expect(guest.call('clock_time_get', -1, 1n, RESULT)).toBe('INVAL');
    expect(guest.call('clock_time_get', 0, 1n, -4)).toBe('FAULT');
  });

  it('say how coarse they are', () => {
    const guest = new Guest();
    expect(guest.call('clock_res_get', 1, RESULT)).toBe('SUCCESS');
    expect(guest.u64()).toBe(1000n);
    expect(guest.call('clock_res_get', 4, RESULT)).toBe('INVAL');
  });
});

describe('polling', () => {
  it('a clock sleeps once, until the nearest time', () => {
    const guest = new Guest();
    const events = poll(guest, [
      { tag: Tag.CLOCK, timeout: 900n },
      { tag: Tag.CLOCK, timeout: 300n },
      { tag: Tag.CLOCK, timeout: 300n, clock: 0 },
    ]);
    expect(guest.slept).toEqual([300n]);
    expect(events).toEqual([
      [1, 0, Tag.CLOCK, 0],
      [2, 0, Tag.CLOCK, 0],
    ]);
  });

  it('a time of day sleeps until then, and not at all when it is past', () => {
    const guest = new Guest();
    expect(poll(guest, [{ tag: Tag.CLOCK, timeout: guest.now + 70n, flags: 1 }])).toHaveLength(1);
    expect(poll(guest, [{ tag: Tag.CLOCK, timeout: 5n, flags: 1 }])).toHaveLength(1);
    expect(guest.slept).toEqual([70n]);
  });

  it('asks the host for any time, and returns when the host has had enough', () => {
    const guest = new Guest();
    expect(poll(guest, [{ tag: Tag.CLOCK, timeout: (1n << 64n) - 1n }])).toHaveLength(1);
    expect(guest.slept).toEqual([(1n << 64n) - 1n]);
  });

  it('streams and files never sleeps', () => {
    const guest = new Guest();
    create(guest, 'a', '12345');
    const file = opened(guest, 'a');
    const events = poll(guest, [
      { tag: Tag.CLOCK, timeout: 300n },
      { tag: Tag.READ, fd: Fd.STDIN },
      { tag: Tag.WRITE, fd: Fd.STDOUT },
      { tag: Tag.READ, fd: file },
    ]);
    expect(guest.slept).toEqual([]);
    expect(events).toEqual([
      [1, 0, Tag.READ, 14],
      [2, 0, Tag.WRITE, 1],
      [3, 0, Tag.READ, 5],
    ]);
  });

  it('what cannot be polled is an event of its own', () => {
    const guest = new Guest();
    const events = poll(guest, [
      { tag: Tag.READ, fd: 999 },
      { tag: Tag.READ, fd: Fd.STDOUT },
      { tag: Tag.CLOCK, clock: 9, timeout: 5n },
      { tag: Tag.CLOCK, timeout: 5n, flags: 2 },
    ]);
    expect(events).toEqual([
      [0, 8, Tag.READ, 0],
      [1, 76, Tag.READ, 0],
      [2, 28, Tag.CLOCK, 0],
      [3, 28, Tag.CLOCK, 0],
    ]);
    expect(guest.slept).toEqual([]);
  });

  it('is refused for nothing, too much, an unknown kind, and places outside the memory', () => {
    const guest = new Guest();
    expect(poll(guest, [])).toBe('INVAL');
    expect(poll(guest, [{ tag: 3 }])).toBe('INVAL');
    expect(guest.call('poll_oneoff', SUBSCRIPTIONS_AT, DATA, 1025, RESULT)).toBe('INVAL');
    expect(guest.call('poll_oneoff', SUBSCRIPTIONS_AT, DATA, -1, RESULT)).toBe('INVAL');
    expect(guest.call('poll_oneoff', -1, DATA, 1, RESULT)).toBe('FAULT');
    expect(guest.call('poll_oneoff', SUBSCRIPTIONS_AT, 0x3fff0, 1, RESULT)).toBe('FAULT');
  });

  it('reads all subscriptions before it writes events over them', () => {
    const guest = new Guest();
    guest.bytes.fill(0, 0x2000, 0x2100);
    for (let index = 0; index < 3; index++) guest.view.setBigUint64(0x2000 + index * 48, BigInt(index + 7), true);
    expect(guest.call('poll_oneoff', 0x2000, 0x2000, 3, RESULT)).toBe('SUCCESS');
    expect([0, 1, 2].map((index) => guest.u64(0x2000 + index * 32))).toEqual([7n, 8n, 9n]);
  });
});
