import { describe, expect, it } from 'vitest';
import type { QueuedEvent } from '../../runtime/store/event-queue.ts';
import { Lines } from '../../runtime/triggers/lines.ts';
import { queuedEvent } from '../conformance/event-queue.suite.ts';

const event = (id: number, functionName: string, dueAt = 0) => queuedEvent(id, { functionName, dueAt });
const any = () => Number.POSITIVE_INFINITY;

const createLines = () => new Lines<QueuedEvent>(({ scope, functionName }) => `${scope.region}/${functionName}`);

function drain(lines: Lines<QueuedEvent>, now: number, most: () => number = any): number[] {
  const ids: number[] = [];
  for (let next = lines.next(now, most); next !== undefined; next = lines.next(now, most)) ids.push(next.id);
  return ids;
}

describe('lines of events', () => {
  it('serve functions in turn, and each in the order of arrival', () => {
    const lines = createLines();
    for (const [id, name] of [
      [1, 'f'],
      [2, 'f'],
      [3, 'f'],
      [4, 'g'],
      [5, 'h'],
    ] as const)
      lines.add(event(id, name), 0);
    expect(drain(lines, 0)).toEqual([1, 4, 5, 2, 3]);
  });

  it('wait for one that goes back to their head until it is due', () => {
    const lines = createLines();
    for (const id of [1, 2]) lines.add(event(id, 'f'), 0);
    lines.add(event(3, 'g'), 0);
    const first = lines.next(0, () => 1);
    lines.addFirst({ ...(first as QueuedEvent), dueAt: 10 });
    lines.ended(event(1, 'f'));
    expect(drain(lines, 9)).toEqual([3]);
    expect(lines.nextDueAt).toBe(10);
    expect(drain(lines, 10)).toEqual([1, 2]);
  });

  it('let no more of a function run than it may, and the next when one has ended', () => {
    const lines = createLines();
    for (const id of [1, 2, 3]) lines.add(event(id, 'f'), 0);
    lines.add(event(4, 'g'), 0);
    expect(drain(lines, 0, () => 1)).toEqual([1, 4]);
    lines.ended(event(1, 'f'));
    expect(drain(lines, 0, () => 1)).toEqual([2]);
  });

  it('keep aside what is not due, and say when it is', () => {
    const lines = createLines();
    for (const [id, dueAt] of [
      [1, 30],
      [2, 10],
      [3, 20],
      [4, 10],
    ] as const)
      lines.add(event(id, 'f', dueAt), 0);
    expect([drain(lines, 9), lines.nextDueAt]).toEqual([[], 10]);
    expect([drain(lines, 10).sort(), lines.nextDueAt]).toEqual([[2, 4], 20]);
    expect([drain(lines, 50), lines.nextDueAt]).toEqual([[3, 1], undefined]);
  });

  it('serve nobody of a function that is paused, and the others', () => {
    const lines = createLines();
    lines.add(event(1, 'f'), 0);
    lines.add(event(2, 'g'), 0);
    lines.pause(event(9, 'f'), 5);
    expect([drain(lines, 0), lines.nextDueAt]).toEqual([[2], 5]);
    expect(drain(lines, 5)).toEqual([1]);
  });
});
