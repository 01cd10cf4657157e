/** A board of `size` by `size` that is filled row by row. */
export class Board {
  /** The column of each row's queen, from 1. */
  private readonly queens: StaticArray<i32>;
  private readonly all: u32;

  constructor(private readonly size: i32) {
    this.queens = new StaticArray<i32>(size);
    this.all = (1 << size) - 1;
  }

  /** Calls `found` with each solution, the columns of its queens. */
  solve(found: (line: string) => void): void {
    this.place(0, 0, 0, 0, found);
  }

  /** One bit a column: those taken, and those that a diagonal from the left or the right reaches in this row. */
  private place(row: i32, taken: u32, left: u32, right: u32, found: (line: string) => void): void {
    if (row == this.size) return found(this.queens.join(" "));
    let free = this.all & ~(taken | left | right);
    while (free != 0) {
      const queen = free & -free;
      free ^= queen;
      this.queens[row] = ctz(queen) + 1;
      this.place(row + 1, taken | queen, (left | queen) << 1, (right | queen) >> 1, found);
    }
  }
}
