import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
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

it('shows what is left of files that were damaged, whatever was done to them, and goes on', async () => {
  const entries = Array.from({ length: 40 }, (_, index) => `${index} ${'x'.repeat(2_000)}`);
  const damage = fc.record({
    file: fc.nat(),
    at: fc.nat(),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.string({ maxLength: 3 }).map((text) => Buffer.from(text)),
    ),
    cut: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
      const directory = makeDirectory();
      try {
        const store = await SegmentLogStore.open(directory, 160_000);
        for (const [index, entry] of entries.entries()) {
          await store.append('g', { stream: `s${index % 3}`, entries: [entry], from: index, to: index, at: index });
        }
        await store.close();
        for (const { file, at, bytes, cut } of damages) {
          const names = readdirSync(join(directory, 'g')).sort();
          const path = join(directory, 'g', names[file % names.length] as string);
          const whole = readFileSync(path);
          const place = whole.length === 0 ? 0 : at % whole.length;
          const rest = cut ? Buffer.alloc(0) : whole.subarray(place + bytes.length);
          writeFileSync(path, Buffer.concat([whole.subarray(0, place), bytes, rest]));
        }
        const again = await SegmentLogStore.open(directory, 160_000);
        const read = async (): Promise<string[]> => {
          const spans = await again.spans('g');
          return (await Promise.all(spans.map((span) => again.read('g', span)))).flat().map(({ text }) => text);
        };
        const found = await read();
        expect(found.length).toBeLessThanOrEqual(entries.length);
        await again.streams('g');
        await again.append('g', { stream: 'new', entries: ['after'], from: 99, to: 99, at: 99 });
        expect((await read()).at(-1)).toBe('after');
        expect(await again.hasStream('g', 'new')).toBe(true);
        await again.close();
      } finally {
        rmSync(directory, { recursive: true });
      }
    }),
    { numRuns: 60, seed: 1 },
  );
}, 120_000);
