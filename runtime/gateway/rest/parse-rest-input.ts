import { parseInput, SerializationError } from '../service/parse-input.ts';
import type { Input } from '../service/service.ts';
import type { Shape, Structure } from '../service/shape.ts';

/** What of a request has members of the input. */
export interface RestParts {
  readonly body: Uint8Array;
  /** Decoded. */
  readonly query: readonly (readonly [string, string])[];
  readonly params: Readonly<Record<string, string>>;
}

/** Reads an input: members of the path stand over those of the query, these over those of the body. Throws a SerializationError. */
export function parseRestInput(shape: Structure, { body, query, params }: RestParts): Input {
  const named: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape.members)) {
    const values = query.filter(([each]) => each === name).map(([, value]) => value);
    if (values.length > 0) named[name] = fromText(name, member, values);
  }
  return { ...parseInput(shape, body), ...named, ...params };
}

function fromText(name: string, shape: Shape, values: readonly string[]): unknown {
  if (shape.kind === 'list') return values;
  const [first = ''] = values;
  if (shape.kind === 'text') return first;
  throw new SerializationError(`${name} cannot stand in the query.`);
}
