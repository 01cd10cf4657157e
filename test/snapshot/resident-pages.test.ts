import { afterAll, describe, expect, it } from 'vitest';
import {
  closeImage,
  createRestorer,
  packImage,
  type SharedMemory,
  shareImageSync,
} from '../../runtime/snapshot/index.ts';
import { loadLibc } from '../../runtime/snapshot/libc.ts';
import { ResidentPages } from '../../runtime/snapshot/resident-pages.ts';

const WASM_PAGE = 65_536;
const PAGES = 64;

describe.runIf(loadLibc())('pages that a mapped memory keeps over a reset', () => {
  const bytes = Uint8Array.from({ length: PAGES * WASM_PAGE }, (_, index) => (index * 31 + (index >> 12)) & 255);
  const image = shareImageSync(packImage({ memories: [bytes], globals: [], tables: [], draws: [] }), 'auto');
  const shared = image.memories[0] as Extract<SharedMemory, { kind: 'mapped' }>;
  const libc = loadLibc() as NonNullable<ReturnType<typeof loadLibc>>;
  const page = libc.pageBytes;
  const restored = () => {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    const restorer = createRestorer(shared);
    restorer.restore(memory);
    return { memory, restorer, view: new Uint8Array(memory.buffer) };
  };
  afterAll(() => closeImage(image));

  it('are those that an invocation wrote, and those that it read besides', () => {
    const { memory, view } = restored();
    const resident = new ResidentPages(page, (range) => libc.dropPrivatePages(range));
    const keeps = (at: number) => resident.ranges.some(({ start, end }) => start <= at && at < end);
    resident.reset(memory, view);
    expect(resident.ranges).toEqual([]);
    view[0] = 1;
    view[9 * page] = 1;
    resident.reset(memory, view);
    expect(resident.ranges).toEqual([
      { start: 0, end: page },
      { start: 9 * page, end: 10 * page },
    ]);
    expect(view[5 * page]).toBe(bytes[5 * page]);
    resident.reset(memory, view);
    expect([0, 5, 9].map((at) => keeps(at * page))).toEqual([true, true, true]);
    expect(Buffer.compare(view, bytes)).toBe(0);
  });

  it('hide nothing: whatever else was written is gone as well', () => {
    const { memory, restorer, view } = restored();
    for (let round = 0; round < 600; round++) {
      for (const at of [5, 9 * page, 10 * page + 17, 700 * page]) view[at] = ~(view[at] as number);
      view[(round * 7919 * page + round) % view.byteLength] = 0xee;
      restorer.reset(memory);
      if (round % 20 < 3) expect(Buffer.compare(view, bytes)).toBe(0);
    }
  });
});
