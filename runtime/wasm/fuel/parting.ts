/** The frame of the innermost loop that control may stay in from some place on; or one of these. */
export const OUTSIDE = -1;
export const DOOMED = -2;

/**
 * What is paid where two ways part: before the parting, and by each way behind it, negative where something is given back.
 *
 *   - One way ends in a trap: the other decides. What was paid for it is not given back to the doomed one.
 *   - One way leaves the loop: what stays is paid before, and the way out gets the rest back. At the loop's main exit it is
 *     the other way round: the turns pay behind it, so that nothing is due on the way out.
 *   - Else the cheaper way is paid before, and the dearer one pays the rest.
 */
export class Parting {
  paid = 0;
  first = 0;
  second = 0;

  settle(first: number, firstReach: number, second: number, secondReach: number, loop: number, at: ExitKind): void {
    const firstLeaves = firstReach < loop;
    if ((firstReach === DOOMED) !== (secondReach === DOOMED)) {
      this.paid = firstReach === DOOMED ? second : first;
      this.first = Math.max(0, first - this.paid);
      this.second = Math.max(0, second - this.paid);
      return;
    }
    if (firstLeaves !== secondReach < loop) {
      this.paid = firstLeaves === (at === 'main exit') ? first : second;
      this.first = first - this.paid;
      this.second = second - this.paid;
      return;
    }
    this.paid = Math.min(first, second);
    this.first = first - this.paid;
    this.second = second - this.paid;
  }
}

export type ExitKind = 'main exit' | 'elsewhere';
