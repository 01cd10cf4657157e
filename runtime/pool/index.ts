export { Pool, type PoolOptions, type PoolStatistics } from './pool.ts';
