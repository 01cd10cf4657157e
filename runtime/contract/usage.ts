import type { Scope } from './scope.ts';

/** What was used, as Lambda bills it, and what was burnt. */
export interface Usage {
  /** Invocations that ran, failed ones included. */
  readonly requests: number;
  /** Those of them that failed. */
  readonly errors: number;
  /** Invocations that were refused for want of room. */
  readonly throttles: number;
  readonly billedMs: number;
  /** Billed seconds times the memory that the function may have, in GiB. */
  readonly gbSeconds: number;
  readonly fuel: number;
}

/** What a function used in one day. */
export interface FunctionUsage extends Scope, Usage {
  /** Of UTC: `2026-11-21`. */
  readonly day: string;
  readonly functionName: string;
}

/** Where usage is kept. */
export interface UsageBook {
  /** Adds to what is kept; resolves when that is durable, and rejects when nothing was added. */
  add(usage: readonly FunctionUsage[]): Promise<void>;
}

/** What usage costs. */
export interface Prices {
  /** Such as `USD`. */
  readonly currency: string;
  readonly perRequest: number;
  readonly perGbSecond: number;
}

export function toGbSeconds(billedMs: number, memoryMb: number): number {
  return (billedMs / 1_000) * (memoryMb / 1_024);
}

export function toCost(
  { requests, gbSeconds }: Pick<Usage, 'requests' | 'gbSeconds'>,
  { perRequest, perGbSecond }: Prices,
): number {
  return requests * perRequest + gbSeconds * perGbSecond;
}
