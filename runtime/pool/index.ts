export { Pool } from './pool.ts';
export type { PoolOptions, PoolStatistics } from './pool-options.ts';
