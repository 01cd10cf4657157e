export type { Builder } from './artifacts.ts';
export { FunctionRegistry, type FunctionRegistryDeps } from './function-registry.ts';
