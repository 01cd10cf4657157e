import { ENTRY_FUEL } from './charges.ts';
import { readClock } from './clock.ts';
import { Errno, Failure, fail } from './errno.ts';
import { SUBSCRIPTIONS } from './limits.ts';
import { Right } from './rights.ts';
import type { Bodies, World } from './world.ts';

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const EventType = { CLOCK: 0, FD_READ: 1, FD_WRITE: 2 } as const;
const ABSOLUTE = 1;
const HANGUP = 1;

interface PollEvent {
  readonly userdata: bigint;
  readonly type: number;
  readonly error: Errno;
  readonly bytes: number;
  readonly flags: number;
}

interface Alarm {
  readonly event: PollEvent;
  /** Nanoseconds from now. */
  readonly wait: bigint;
}

const toEvent = (userdata: bigint, type: number, error: Errno, bytes = 0, flags = 0): PollEvent => ({
  userdata,
  type,
  error,
  bytes,
  flags,
});

/**
 * `poll_oneoff`: files and streams are always ready, so a poll that asks for one returns at once; one that asks for clocks
 * only sleeps until the nearest, in the host's `sleep`.
 *
 *     subscription: 0 userdata u64 | 8 tag u8 | clock: 16 id u32, 24 timeout u64, 32 precision u64, 40 flags u16 | fd: 16 fd u32
 *     event: 0 userdata u64 | 8 errno u16 | 10 type u8 | 16 bytes u64 | 24 flags u16
 */
export const createPoll = (world: World): Bodies => {
  const { memory } = world;

  const attempt = (userdata: bigint, type: number, body: () => PollEvent): PollEvent => {
    try {
      return body();
    } catch (failure) {
      if (failure instanceof Failure) return toEvent(userdata, type, failure.errno);
      throw failure;
    }
  };

  const readiness = (userdata: bigint, type: number, fd: number): PollEvent => {
    const right = type === EventType.FD_READ ? Right.FD_READ : Right.FD_WRITE;
    const { resource, offset } = world.descriptors.get(fd, Right.POLL_FD_READWRITE);
    if (resource.kind !== 'directory') world.descriptors.get(fd, right);
    if (type === EventType.FD_WRITE) return toEvent(userdata, type, Errno.SUCCESS, 1);
    if (resource.kind === 'file') return toEvent(userdata, type, Errno.SUCCESS, Math.max(0, resource.size - offset));
    if (resource.kind !== 'input') return toEvent(userdata, type, Errno.SUCCESS);
    const left = resource.bytes.length - resource.position;
    return toEvent(userdata, type, Errno.SUCCESS, left, left === 0 ? HANGUP : 0);
  };

  const toWait = (clock: number, timeout: bigint, flags: number): bigint => {
    if ((flags & ~ABSOLUTE) !== 0) fail(Errno.INVAL);
    const now = readClock(world, clock);
    if ((flags & ABSOLUTE) === 0) return timeout;
    return timeout > now ? timeout - now : 0n;
  };

  const parse = (address: number, ready: PollEvent[], alarms: Alarm[]): void => {
    const userdata = memory.u64(address);
    const type = memory.u8(address + 8);
    if (type > EventType.FD_WRITE) fail(Errno.INVAL);
    if (type !== EventType.CLOCK) {
      ready.push(attempt(userdata, type, () => readiness(userdata, type, memory.u32(address + 16))));
      return;
    }
    const failed = attempt(userdata, type, () => {
      const wait = toWait(memory.u32(address + 16), memory.u64(address + 24), memory.u16(address + 40));
      const event = toEvent(userdata, type, Errno.SUCCESS);
      alarms.push({ event, wait });
      return event;
    });
    if (failed.error !== Errno.SUCCESS) ready.push(failed);
  };

  const writeEvent = (address: number, event: PollEvent): void => {
    memory.bytes(address, EVENT_BYTES).fill(0);
    memory.setU64(address, event.userdata);
    memory.setU16(address + 8, event.error);
    memory.setU8(address + 10, event.type);
    memory.setU64(address + 16, BigInt(event.bytes));
    memory.setU16(address + 24, event.flags);
  };

  return {
    poll_oneoff: (subscriptionsAt: number, eventsAt: number, count: number, resultAt: number) => {
      const length = count >>> 0;
      if (length === 0 || length > SUBSCRIPTIONS) fail(Errno.INVAL);
      memory.assertRange(subscriptionsAt, length * SUBSCRIPTION_BYTES);
      memory.assertRange(eventsAt, length * EVENT_BYTES);
      memory.assertRange(resultAt, 4);
      world.charge(ENTRY_FUEL * length);
      const ready: PollEvent[] = [];
      const alarms: Alarm[] = [];
      for (let index = 0; index < length; index++) {
        parse((subscriptionsAt >>> 0) + index * SUBSCRIPTION_BYTES, ready, alarms);
      }
      let nearest = alarms[0]?.wait ?? 0n;
      for (const { wait } of alarms) if (wait < nearest) nearest = wait;
      const slept = ready.length === 0 ? nearest : 0n;
      if (slept > 0n) world.sleep(slept);
      for (const { event, wait } of alarms) if (wait <= slept) ready.push(event);
      for (const [index, event] of ready.entries()) writeEvent((eventsAt >>> 0) + index * EVENT_BYTES, event);
      memory.setU32(resultAt, ready.length);
    },
  };
};
