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

/** A table of routes: Hono's router finds them, Node's own request and response go through. */
export class Routes {
  readonly #router = new TrieRouter<Route>();
  readonly #otherwise: Serve;

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
    const [found] = this.#router.match(method === 'HEAD' ? 'GET' : method, toRoutedPath(rawPath))[0];
    if (!found) return this.#otherwise(exchange);
    const [{ path, serve }, encoded] = found;
    exchange.trace?.matched(path);
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries(encoded)) params[name] = tryDecodeURIComponent(String(value));
    return serve({ ...exchange, params });
  }
}

/** Clients of some years end paths with a slash; it means nothing. */
function toRoutedPath(rawPath: string): string {
  return rawPath.length > 1 && rawPath.endsWith('/') ? rawPath.slice(0, -1) : rawPath;
}
