/** What a helper fills or copies in chunks: memories by their index. */
export type ChunkHelper = { readonly fill: number } | { readonly to: number; readonly from: number };

/** The helpers for large fills and copies: a function for each memory or pair of memories that some code names. */
export class ChunkHelpers {
  readonly #firstFunction: number;
  readonly #indices = new Map<string, number>();
  readonly #list: ChunkHelper[] = [];

  constructor(firstFunction: number) {
    this.#firstFunction = firstFunction;
  }

  /** In order of their functions. */
  get list(): readonly ChunkHelper[] {
    return this.#list;
  }

  /** Index of the helper's function. */
  functionOf(helper: ChunkHelper): number {
    const key = 'fill' in helper ? `${helper.fill}` : `${helper.to} ${helper.from}`;
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    const index = this.#firstFunction + this.#list.push(helper) - 1;
    this.#indices.set(key, index);
    return index;
  }
}
