import type { ApiResponse, Operation } from '../../../runtime/gateway/lambda-api/operation.ts';
import { SCOPE } from '../../registry/fixture.ts';

export interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** A JSON value, or the body's own text. */
  readonly body?: unknown;
  readonly region?: string;
}

/** Calls operations by name, as the router would. */
export function createCaller(operations: readonly Operation[]): (name: string, call?: Call) => Promise<ApiResponse> {
  return async (name, { params = {}, query = {}, body, region = SCOPE.region } = {}) => {
    const operation = operations.find((each) => each.name === name);
    if (operation === undefined) throw new Error(`there is no operation ${name}`);
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
    return operation.handle({
      scope: { ...SCOPE, region },
      requestId: '0f3c1a52-0000-4000-8000-000000000000',
      params,
      query: new URLSearchParams(query),
      body: Buffer.from(text),
      traceId: () => 'Root=1-0-0',
      linkTo: async (path) => `http://isola.test${path}`,
    });
  };
}
