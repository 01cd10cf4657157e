/** Everything injected is named with this prefix; a guest that uses it is refused. */
export const INJECTED_PREFIX = 'isola:';
export const MEMORY_MODULE = 'isola:memory';
export const FUEL_EXPORT = 'isola:fuel';
export const PAGE_LIMIT_EXPORT = 'isola:page-limit';
export const GROW_FAILED_EXPORT = 'isola:grow-failed';
export const REFUEL_EXPORT = 'isola:refuel';
export const PENDING_EXPORT = 'isola:pending';
export const START_EXPORT = 'isola:start';
export const globalExport = (index: number): string => `isola:global:${index}`;
export const tableExport = (index: number): string => `isola:table:${index}`;
export const functionExport = (index: number): string => `isola:function:${index}`;
