/** The frame of the innermost loop that control may stay in from some place on; or one of these. */
export const OUTSIDE = -1;
export const DOOMED = -2;

/** Ways whose fuel differs by no more than this all pay for the dearest. */
export const SLACK_FUEL = 0;

/**
 * What is paid where two ways part: before the parting, and by each way behind it, negative where something is given back.
 *
 *   - One way ends in a trap: the other decides. What was paid for it is not given back to the doomed one.
 *   - One way leaves the loop: what stays is paid before, and the way out gets the rest back. At the loop's main exit it is
 *     the other way round: the turns pay behind it, so that nothing is due on the way out.
 *   - Else the cheaper way is paid before, and the dearer one pays the rest; or both pay for the dearer one within SLACK_FUEL.
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
      this.first = at === 'main exit' ? first - this.paid : toSlack(first - this.paid);
      this.second = at === 'main exit' ? second - this.paid : toSlack(second - this.paid);
      return;
    }
    this.paid = Math.abs(first - second) <= SLACK_FUEL ? Math.max(first, second) : Math.min(first, second);
    this.first = Math.max(0, first - this.paid);
    this.second = Math.max(0, second - this.paid);
  }
}

export type ExitKind = 'main exit' | 'elsewhere';

/** A small credit is not worth its code. */
function toSlack(charge: number): number {
  return charge < 0 && charge >= -SLACK_FUEL ? 0 : charge;
}
