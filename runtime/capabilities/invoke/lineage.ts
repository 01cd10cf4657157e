import { createHash } from 'node:crypto';

/** A function may come so often in one chain of invocations, as on AWS. */
const MOST_TURNS = 16;
/** Longer chains of different functions end as well: their lineage must fit into a header. */
const MOST_FUNCTIONS = 32;

/**
 * Who invoked whom, as a part of the trace header, so that it goes wherever an invocation goes:
 * `Root=...;Lineage=1f0a9c3e:3|77ab01d2:2`, the hash of each function's ARN and how often it came.
 */
export class Lineage {
  readonly #turns: ReadonlyMap<string, number>;

  constructor(turns: ReadonlyMap<string, number> = new Map()) {
    this.#turns = turns;
  }

  /** The same with `arn` as its next. */
  followedBy(arn: string): Lineage {
    const id = idOf(arn);
    return new Lineage(new Map([...this.#turns, [id, (this.#turns.get(id) ?? 0) + 1]]));
  }

  has(arn: string): boolean {
    return this.#turns.has(idOf(arn));
  }

  /** True when the function came more often than it may. */
  isLoopOf(arn: string): boolean {
    return (this.#turns.get(idOf(arn)) ?? 0) > MOST_TURNS || this.#turns.size > MOST_FUNCTIONS;
  }

  /** Writes it into a trace header in place of the one that is there. */
  writeTo(traceId: string): string {
    const rest = withoutLineage(traceId);
    const lineage = `${PREFIX}${[...this.#turns].map(([id, turns]) => `${id}:${turns}`).join('|')}`;
    return rest === '' ? lineage : `${rest};${lineage}`;
  }
}

/** The lineage of an invocation; its own function is the first when nobody invoked it. */
export function parseLineage(traceId: string, arn: string): Lineage {
  const lineage = readLineage(traceId);
  return lineage.has(arn) ? lineage : lineage.followedBy(arn);
}

/** What else a trace header says. */
export function withoutLineage(traceId: string): string {
  return traceId
    .split(';')
    .filter((part) => part !== '' && !part.startsWith(PREFIX))
    .join(';');
}

/** What a trace header says of it. */
export function readLineage(traceId: string): Lineage {
  const part = traceId.split(';').find((each) => each.startsWith(PREFIX));
  const turns = new Map<string, number>();
  for (const each of part
    ?.slice(PREFIX.length)
    .split('|')
    .slice(0, MOST_FUNCTIONS + 1) ?? []) {
    const [id = '', count] = each.split(':');
    if (/^[0-9a-f]{8}$/.test(id)) turns.set(id, Math.max(0, Number.parseInt(count ?? '', 10) || 0));
  }
  return new Lineage(turns);
}

const PREFIX = 'Lineage=';

function idOf(arn: string): string {
  return createHash('sha256').update(arn).digest('hex').slice(0, 8);
}
