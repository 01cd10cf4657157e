/** Further from the system's clock than this it is set anew, in milliseconds. */
const MOST_APART_MS = 50;

/** Epoch milliseconds with fractions that go on evenly, for as long as the system's clock does. */
export function createEpochClock(): () => number {
  let anchor = Date.now() - performance.now();
  return () => {
    const elapsed = performance.now();
    const system = Date.now();
    if (Math.abs(anchor + elapsed - system) > MOST_APART_MS) anchor = system - elapsed;
    return anchor + elapsed;
  };
}
