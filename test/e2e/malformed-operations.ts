import fc from 'fast-check';
import { INVOKE_PATH } from '../../runtime/gateway/lambda-api/invoke.ts';
import { STREAM_INVOKE_PATH } from '../../runtime/gateway/lambda-api/invoke-with-response-stream.ts';
import { createOperations } from '../../runtime/gateway/lambda-api/operations.ts';
import type { UsageDeps } from '../../runtime/gateway/lambda-api/usage.ts';
import type { FunctionRegistry } from '../../runtime/registry/index.ts';

type Text = fc.Arbitrary<string>;
type Body = fc.Arbitrary<Uint8Array | string>;
interface Row {
  readonly method: string;
  readonly path: string;
}

/** The route table, which nobody asks for an answer here: operations that come later are in it by themselves. */
const ROWS: readonly Row[] = [
  ...createOperations({} as FunctionRegistry, () => Promise.reject(new Error('nothing is enqueued')), {} as UsageDeps),
  { method: 'POST', path: INVOKE_PATH },
  { method: 'POST', path: STREAM_INVOKE_PATH },
].map(({ method, path }) => ({ method, path }));

export interface Parts {
  /** A name, encoded, that nothing has. */
  readonly nobody: Text;
  /** The function that is there. */
  readonly kept: string;
  /** Bodies that no operation can take, but as an event. */
  readonly unusable: Body;
  /** Bodies that are not even events. */
  readonly notJson: Body;
  /** JSON objects with members of the right and the wrong type. */
  readonly members: Body;
}

/**
 * A request for any row of the table that it cannot carry out: on something that is not there, with any body, or on the
 * function that is there, with a body that no operation can take. Only what reads is asked for things that are there.
 */
export function malformedOperation(parts: Parts): fc.Arbitrary<Row & { readonly body: Uint8Array | string }> {
  return fc.constantFrom(...ROWS).chain(({ method, path }) => {
    const takesBody = method === 'POST' || method === 'PUT';
    const unusable = takesEvent(path) ? parts.notJson : parts.unusable;
    const elsewhere = fc.record({
      method: fc.constant(method),
      path: fill(path, () => parts.nobody),
      body: takesBody ? fc.oneof(parts.unusable, parts.members) : fc.oneof(fc.constant(''), parts.unusable),
    });
    if (method === 'DELETE') return elsewhere;
    const there = fc.record({
      method: fc.constant(method),
      path: fill(path, (name) => (name === 'FunctionName' ? fc.constant(parts.kept) : parts.nobody)),
      body: takesBody ? unusable : fc.constant(''),
    });
    return path.includes(':') ? fc.oneof(elsewhere, there) : there;
  });
}

const takesEvent = (path: string): boolean =>
  /\/(?:invocations|invoke-async|response-streaming-invocations)$/.test(path);

function fill(path: string, value: (name: string) => Text): Text {
  const parts = path.split('/').map((part) => (part.startsWith(':') ? value(part.slice(1)) : fc.constant(part)));
  return fc.tuple(...parts).map((texts) => texts.join('/'));
}
