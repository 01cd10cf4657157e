import { type Context, Hono } from 'hono';
import type { Observer } from '../contract/observer.ts';
import { toErrorAnswer } from './error-answer.ts';
import { type Exchange, sendJson } from './exchange.ts';

/** Serves one exchange, on Node's own response; what it throws is answered. */
export type Serve = (exchange: Exchange) => void | Promise<void>;

type RoutesEnv = { Bindings: Omit<Exchange, 'params'> };

/** Hono wants a Response; ours was written on Node's own response by then. */
const ANSWERED = {} as Response;

/** A table of routes: Hono finds them, Node's own request and response go through. */
export class Routes {
  readonly #app = new Hono<RoutesEnv>({ getPath: (_request, options) => toRoutedPath(options?.env) });

  constructor(observer: Observer) {
    this.#app.onError((error, c) => {
      sendJson({ ...c.env, params: {} }, toErrorAnswer(error, observer));
      return ANSWERED;
    });
  }

  /** `path` in Hono's notation: its `:names` are the exchange's params, decoded. */
  add(method: string, path: string, serve: Serve): void {
    this.#app.on(method, path, on(serve));
  }

  /** The same for every method. */
  addAll(path: string, serve: Serve): void {
    this.#app.all(path, on(serve));
  }

  /** Serves what no route does. */
  otherwise(serve: Serve): void {
    this.#app.notFound(on(serve));
  }

  /** Hono compiles its routes when it first looks for one: better while a start waits for its thread than in a request. */
  compile(): void {
    this.#app.router.match('GET', '/');
  }

  async serve(exchange: Exchange): Promise<void> {
    const { method } = exchange.head;
    await this.#app.fetch({ method: method === 'HEAD' ? 'GET' : method } as Request, exchange);
  }
}

function on(serve: Serve): (c: Context<RoutesEnv>) => Promise<Response> {
  return async (c) => {
    await serve({ ...c.env, params: c.req.param() });
    return ANSWERED;
  };
}

/** Clients of some years end paths with a slash; it means nothing. */
function toRoutedPath(env: unknown): string {
  const { rawPath } = (env as RoutesEnv['Bindings']).head;
  return rawPath.length > 1 && rawPath.endsWith('/') ? rawPath.slice(0, -1) : rawPath;
}
