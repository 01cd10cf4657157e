import type { ApisPart } from '../../apis/index.ts';

/** What the operations are made of. */
export interface ApiOperationDeps {
  readonly apis: () => Promise<ApisPart>;
  /** The port that hosts of APIs are reached by. */
  readonly port: number;
}
