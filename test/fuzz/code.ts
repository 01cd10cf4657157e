import { s, u } from './bytes.ts';
import type { SizeCost } from './weights.ts';

/** Where a counted body keeps its sum, with the number of throws behind it, and the locals that it may use. */
export interface Counting {
  readonly global: number;
  readonly sizeLocal: number;
  readonly wideSizeLocal: number;
}

/**
 * A body written twice: as it is, and with every instruction's cost added to a global before it runs, one instruction at a
 * time. The second is what fuel is held against.
 */
export class Code {
  readonly plain: number[] = [];
  readonly counted: number[] = [];
  readonly #counting: Counting;

  constructor(counting: Counting) {
    this.#counting = counting;
  }

  op(bytes: readonly number[], cost: number): undefined {
    if (cost > 0) this.#add([0x42, ...s(cost)]);
    this.plain.push(...bytes);
    this.counted.push(...bytes);
  }

  /** An instruction that costs by the size on top of the stack, an i32 or for `wide` an i64. */
  sizedOp(bytes: readonly number[], cost: number, by: SizeCost, wide: 'i32' | 'i64' = 'i32'): undefined {
    const { sizeLocal, wideSizeLocal } = this.#counting;
    const local = wide === 'i64' ? wideSizeLocal : sizeLocal;
    const get = [0x20, ...u(local)];
    const wideSize = wide === 'i64' ? get : [...get, 0xad];
    const most = [0x42, ...s(by.most)];
    this.counted.push(0x21, ...u(local));
    this.#add([
      ...[...wideSize, ...most, ...wideSize, ...most, 0x54, 0x1b],
      ...[0x42, by.up, 0x86, 0x42, by.down, 0x88],
    ]);
    this.counted.push(...get);
    this.op(bytes, cost);
  }

  /** An instruction that throws. */
  throwOp(bytes: readonly number[], cost: number): undefined {
    this.#add([0x42, 1], this.#counting.global + 1);
    return this.op(bytes, cost);
  }

  #add(amount: readonly number[], index = this.#counting.global): void {
    const global = u(index);
    this.counted.push(0x23, ...global, ...amount, 0x7c, 0x24, ...global);
  }
}
