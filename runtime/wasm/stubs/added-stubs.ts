/** What a helper fills or copies in chunks: memories, tables and element segments by their index, arrays by their types. */
export type MemoryChunks =
  | { readonly kind: 'fill'; readonly to: number }
  | { readonly kind: 'copy'; readonly to: number; readonly from: number };
export type TableChunks =
  | { readonly kind: 'table.fill'; readonly to: number }
  | { readonly kind: 'table.copy'; readonly to: number; readonly from: number }
  | { readonly kind: 'table.init'; readonly to: number; readonly from: number };
export type ArrayChunks =
  | { readonly kind: 'array.fill'; readonly to: number }
  | { readonly kind: 'array.copy'; readonly to: number; readonly from: number };
/** Besides, the one that asks the host before a large array is made, and one that grows a memory within the limit of all. */
export type AddedStub =
  | MemoryChunks
  | TableChunks
  | ArrayChunks
  | { readonly kind: 'reserve' }
  | { readonly kind: 'grow'; readonly memory: number };

/** Injected functions that only some modules need: those for chunks for each memory, array type, or pair that code names. */
export class AddedStubs {
  readonly #firstFunction: number;
  readonly #indices = new Map<string, number>();
  readonly #list: AddedStub[] = [];

  constructor(firstFunction: number) {
    this.#firstFunction = firstFunction;
  }

  /** In order of their functions. */
  get list(): readonly AddedStub[] {
    return this.#list;
  }

  /** Index of the helper's function. */
  functionOf(helper: AddedStub): number {
    const key = JSON.stringify(helper);
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    const index = this.#firstFunction + this.#list.push(helper) - 1;
    this.#indices.set(key, index);
    return index;
  }
}
