import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { silentObserver } from '../../runtime/contract/observer.ts';
import { Journal, type JournalChanges } from '../../runtime/triggers/journal.ts';

interface Progress {
  readonly id: number;
}

const create = () => {
  const writes: JournalChanges<number, Progress>[] = [];
  const write = async (changes: JournalChanges<number, Progress>) => void writes.push(changes);
  return { writes, journal: new Journal<number, Progress>({ write, observer: silentObserver, subject: 'Numbers' }) };
};

it('a journal writes what comes in neighbouring turns of the event loop at a time', async () => {
  const { writes, journal } = create();
  const first = journal.add(1, 1);
  await turn();
  await Promise.all([first, journal.add(2, 1), journal.add(3, 1)]);
  expect(writes).toEqual([{ added: [1, 2, 3], progressed: [], removed: [] }]);
});

it('a journal tells with the next write what became of things, and when it is closed', async () => {
  const { writes, journal } = create();
  journal.progress({ id: 1 });
  journal.remove(2);
  await journal.add(3, 1);
  journal.remove(1);
  await journal.close();
  expect(writes).toEqual([
    { added: [3], progressed: [{ id: 1 }], removed: [2] },
    { added: [], progressed: [], removed: [1] },
  ]);
});
