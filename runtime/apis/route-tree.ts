import type { RouteRecord } from './api-record.ts';
import { DEFAULT_ROUTE, parseRouteKey, type Segment } from './route-key.ts';

/** A route that a request leads to. */
export interface RouteMatch {
  readonly route: RouteRecord;
  /** Percent-decoded; undefined when the route has none. */
  readonly pathParameters?: Readonly<Record<string, string>>;
}

interface Leaf {
  readonly route: RouteRecord;
  readonly names: readonly string[];
}

/** What the routes have in common up to one segment. */
interface Node {
  readonly statics: Map<string, Node>;
  parameter?: Node;
  /** By method: routes that end here, and those that take the rest of the path. */
  readonly ends: Map<string, Leaf>;
  readonly rests: Map<string, Leaf>;
}

/**
 * Finds the route of a request as API Gateway does: one that matches all of the path, else one with a greedy parameter, else
 * `$default`; of several that match, what is said is before a parameter, from left to right, the longer prefix before the
 * shorter, and a method before ANY. Each node is looked at once at the most, so a request costs no more than there are routes.
 * Source: "Create routes for HTTP APIs", routing API requests.
 */
export class RouteTree {
  readonly #root: Node = createNode();
  #default: RouteRecord | undefined;

  constructor(routes: Iterable<RouteRecord>) {
    for (const route of routes) this.#add(route);
  }

  /** `rawPath` is percent-encoded and starts with a slash. */
  find(method: string, rawPath: string): RouteMatch | undefined {
    const encoded = rawPath === '/' ? [] : rawPath.slice(1).split('/');
    const parts = rawPath.includes('%') ? encoded.map(decode) : encoded;
    const found = findFull(this.#root, { method, parts, at: 0 }) ?? findGreedy(this.#root, { method, parts, at: 0 });
    if (found !== undefined) return toMatch(found);
    return this.#default && { route: this.#default };
  }

  #add(route: RouteRecord): void {
    if (route.routeKey === DEFAULT_ROUTE) {
      this.#default = route;
      return;
    }
    const key = parseRouteKey(route.routeKey);
    if (key === undefined) return;
    const greedy = key.segments.at(-1)?.kind === 'greedy';
    const way = greedy ? key.segments.slice(0, -1) : key.segments;
    let node = this.#root;
    for (const segment of way) node = childOf(node, segment);
    const names = key.segments.flatMap((segment) => (segment.kind === 'static' ? [] : [segment.name]));
    (greedy ? node.rests : node.ends).set(key.method, { route, names });
  }
}

interface Search {
  readonly method: string;
  readonly parts: readonly string[];
  readonly at: number;
}

interface Found {
  readonly leaf: Leaf;
  /** Last first. */
  readonly values: string[];
}

function findFull(node: Node, { method, parts, at }: Search): Found | undefined {
  const part = parts[at];
  if (part === undefined) {
    const leaf = node.ends.get(method) ?? node.ends.get('ANY');
    return leaf && { leaf, values: [] };
  }
  return descend(node, { method, parts, at }, findFull);
}

function findGreedy(node: Node, { method, parts, at }: Search): Found | undefined {
  const part = parts[at];
  if (part === undefined) return undefined;
  const deeper = descend(node, { method, parts, at }, findGreedy);
  if (deeper !== undefined) return deeper;
  const leaf = node.rests.get(method) ?? node.rests.get('ANY');
  if (leaf === undefined || (part === '' && at === parts.length - 1)) return undefined;
  return { leaf, values: [parts.slice(at).join('/')] };
}

function descend(
  node: Node,
  search: Search,
  find: (node: Node, search: Search) => Found | undefined,
): Found | undefined {
  const part = search.parts[search.at] as string;
  const next = { ...search, at: search.at + 1 };
  const same = node.statics.get(part);
  const found = same && find(same, next);
  if (found !== undefined || node.parameter === undefined || part === '') return found;
  const other = find(node.parameter, next);
  other?.values.push(part);
  return other;
}

function toMatch({ leaf: { route, names }, values }: Found): RouteMatch {
  if (names.length === 0) return { route };
  const inOrder = values.toReversed();
  return { route, pathParameters: Object.fromEntries(names.map((name, index) => [name, inOrder[index] ?? ''])) };
}

function createNode(): Node {
  return { statics: new Map(), ends: new Map(), rests: new Map() };
}

function childOf(node: Node, segment: Segment): Node {
  if (segment.kind !== 'static') {
    node.parameter ??= createNode();
    return node.parameter;
  }
  const child = node.statics.get(segment.text) ?? createNode();
  node.statics.set(segment.text, child);
  return child;
}

function decode(part: string): string {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
