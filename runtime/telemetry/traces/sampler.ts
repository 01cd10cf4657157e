import type { TraceContext } from '../../contract/trace-context.ts';
import type { SamplerConfig } from '../../traces-config.ts';

/** Of a trace id's digits those that are random even in X-Ray's. */
const RANDOM_DIGITS = 12;
const DRAWN = 16 ** RANDOM_DIGITS;

/** Says whether a trace is taken: what was decided for it, where that counts, or by its id, so that all who ask say the same. */
export function createSampler({ isParentBased, ratio }: SamplerConfig): (context: TraceContext) => boolean {
  return ({ traceId, isSampled }) => {
    if (isParentBased && isSampled !== undefined) return isSampled;
    return Number.parseInt(traceId.slice(-RANDOM_DIGITS), 16) >= (1 - ratio) * DRAWN;
  };
}
