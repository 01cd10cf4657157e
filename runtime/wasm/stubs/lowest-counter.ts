/** A host may bring the counter down to -2^30, and a guest's own charges between two looks stay below 2^28. */
export const LOWEST_COUNTER: number = -(2 ** 30) - 2 ** 28;
