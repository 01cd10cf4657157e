import { METHOD_NAME_ALL } from 'hono/router';
import { TrieRouter } from 'hono/router/trie-router';
import { tryDecodeURIComponent } from 'hono/utils/url';
import type { Exchange } from './exchange.ts';

/** Serves one exchange, on Node's own response; what it throws is answered. */
export type Serve = (exchange: Exchange) => void | Promise<void>;

interface Route {
  readonly path: string;
  readonly serve: Serve;
}

/** What was found for a path before: who asks once asks again. */
interface Match extends Route {
  readonly params: Readonly<Record<string, string>>;
}

/** Matches that are remembered, and how long their paths may be. */
const MATCHES = 1_024;
const LONGEST_PATH = 256;

/** A table of routes: Hono's router finds them, Node's own request and response go through. */
export class Routes {
  readonly #router = new TrieRouter<Route>();
  readonly #otherwise: Serve;
  /** By method and path. */
  readonly #matches = new Map<string, Match>();

  /** `otherwise` serves what no route does. */
  constructor(otherwise: Serve) {
    this.#otherwise = otherwise;
  }

  /** `path` in Hono's notation: its `:names` are the exchange's params, decoded. Of those that match, the first added serves. */
  add(method: string, path: string, serve: Serve): void {
    this.#router.add(method, path, { path, serve });
  }

  /** The same for every method. */
  addAll(path: string, serve: Serve): void {
    this.#router.add(METHOD_NAME_ALL, path, { path, serve });
  }

  serve(exchange: Exchange): void | Promise<void> {
    const { method, rawPath } = exchange.head;
    const match = this.#matches.get(`${method} ${rawPath}`) ?? this.#find(method, rawPath);
    if (!match) return this.#otherwise(exchange);
    exchange.trace?.matched(match.path);
    return match.serve({ ...exchange, params: match.params });
  }

  #find(method: string, rawPath: string): Match | undefined {
    const [found] = this.#router.match(method === 'HEAD' ? 'GET' : method, toRoutedPath(rawPath))[0];
    if (!found) return undefined;
    const [route, encoded] = found;
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries(encoded)) params[name] = tryDecodeURIComponent(String(value));
    const match = { ...route, params };
    if (this.#matches.size >= MATCHES) this.#matches.clear();
    if (rawPath.length <= LONGEST_PATH) this.#matches.set(`${method} ${rawPath}`, match);
    return match;
  }
}

/** Clients of some years end paths with a slash; it means nothing. */
function toRoutedPath(rawPath: string): string {
  return rawPath.length > 1 && rawPath.endsWith('/') ? rawPath.slice(0, -1) : rawPath;
}
