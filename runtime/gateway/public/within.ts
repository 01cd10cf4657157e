import type { Outcome } from '../../contract/outcome.ts';
import { deadlines } from '../../dispatch/deadlines.ts';

/** Nobody waits for a function longer than some milliseconds; the function goes on by itself. */
export function within(ms: number, outcome: Promise<Outcome>): Promise<Outcome | 'late'> {
  return new Promise((resolve, reject) => {
    const deadline = deadlines.after(ms, () => resolve('late'));
    outcome.then(resolve, reject).finally(() => deadline.cancel());
  });
}
