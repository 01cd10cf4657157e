import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SegmentLogStore } from '../../runtime/store/segments/segment-log-store.ts';
import { logStoreConformance } from './log-store.suite.ts';

const makeDirectory = (): string => mkdtempSync(join(tmpdir(), 'isola-logs-'));

logStoreConformance('segments', {
  async open(mostBytes) {
    const directory = makeDirectory();
    let store = await SegmentLogStore.open(directory, mostBytes);
    return {
      store,
      async reopen() {
        await store.close();
        store = await SegmentLogStore.open(directory, mostBytes);
        return store;
      },
      async close() {
        await store.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

it('cuts off what a crash left half written, and goes on behind what was whole', async () => {
  const directory = makeDirectory();
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const block = (text: string) => ({ stream: 's', entries: [text], from: 1, to: 1, at: 1 });
  const first = await SegmentLogStore.open(directory, 1_000_000);
  await first.append('g', block('whole'));
  await first.close();
  const [name = ''] = readdirSync(join(directory, 'g'));
  const file = join(directory, 'g', name);
  const whole = readFileSync(file);
  const textsOf = async (store: SegmentLogStore): Promise<string[]> => {
    const spans = await store.spans('g');
    const read = await Promise.all(spans.map((span) => store.read('g', span)));
    return read.flat().map(({ text }) => text);
  };
  for (const torn of [
    '[9',
    '[900,"s",1,1,1,"entries"]\nhal',
    '\u0000\u0000\u0000',
    '{}\n',
    '[-1,"s",1,1,1,"entries"]\nx\n',
  ]) {
    writeFileSync(file, whole);
    appendFileSync(file, torn);
    const store = await SegmentLogStore.open(directory, 1_000_000);
    await store.append('g', block('next'));
    expect(await textsOf(store)).toEqual(['whole', 'next']);
    await store.close();
    const again = await SegmentLogStore.open(directory, 1_000_000);
    expect(await textsOf(again)).toEqual(['whole', 'next']);
    await again.close();
  }
});
