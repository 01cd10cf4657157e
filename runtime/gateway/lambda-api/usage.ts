import { LambdaError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/scope.ts';
import { type FunctionUsage, type Prices, toCost } from '../../contract/usage.ts';
import type { Operation } from './operation.ts';

export interface UsageDeps {
  /** What a scope's functions used on the last `days` days. */
  readonly read: (scope: Scope, days: number) => Promise<readonly FunctionUsage[]>;
  readonly prices: Prices;
}

const MOST_DAYS = 400;
const DAYS = 30;

/** Isola's own: what functions used by day, and what that costs. */
export function usageOperations({ read, prices }: UsageDeps): readonly Operation[] {
  return [
    {
      name: 'GetUsage',
      service: 'isola',
      method: 'GET',
      path: '/isola/usage',
      async handle({ scope, query }) {
        const used = await read(scope, parseDays(query.get('Days')));
        const toLine = ({ accountId, region, ...each }: FunctionUsage) => ({ ...each, cost: toCost(each, prices) });
        return { status: 200, body: { usage: used.map(toLine), prices } };
      },
    },
  ];
}

function parseDays(given: string | null): number {
  if (given === null) return DAYS;
  const days = Number(given);
  if (/^\d{1,3}$/.test(given) && days >= 1 && days <= MOST_DAYS) return days;
  throw new LambdaError('ValidationException', `Days must be a whole number from 1 to ${MOST_DAYS}.`);
}
