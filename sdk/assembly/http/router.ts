import { percentDecode } from "./query";
import { HttpRequest } from "./request";
import { HttpResponse } from "./response";

class Route {
  constructor(
    readonly method: string,
    readonly segments: string[],
    readonly respond: (request: HttpRequest) => HttpResponse,
  ) {}

  /** Matches and writes what `:name` segments stand for into `params`. */
  matches(path: string[], params: Map<string, string>): bool {
    params.clear();
    for (let i = 0; i < this.segments.length; i++) {
      const segment = this.segments[i];
      if (segment == "*") return true;
      if (i >= path.length) return false;
      if (segment.startsWith(":")) {
        if (path[i].length == 0) return false;
        params.set(segment.substring(1), percentDecode(path[i]));
      } else if (segment != path[i]) return false;
    }
    return this.segments.length == path.length;
  }
}

/**
 * Routes requests by method and path, first match first. `:name` matches one segment, a last `*` the rest. An unknown path
 * answers 404, a known one with another method 405, and HEAD is answered by GET's route. Made at the top of a module it is part
 * of the image, so that no invocation pays for it:
 *
 *     const app = new Router();
 *     app.get("/hello/:name", (request) => HttpResponse.text("Hello, " + request.param("name") + "!"));
 *
 *     export function handler(event: string): string {
 *       return app.handle(event);
 *     }
 */
export class Router {
  private readonly routes: Route[] = [];

  on(method: string, path: string, respond: (request: HttpRequest) => HttpResponse): this {
    this.routes.push(new Route(method, path.split("/"), respond));
    return this;
  }
  get(path: string, respond: (request: HttpRequest) => HttpResponse): this {
    return this.on("GET", path, respond);
  }
  post(path: string, respond: (request: HttpRequest) => HttpResponse): this {
    return this.on("POST", path, respond);
  }
  put(path: string, respond: (request: HttpRequest) => HttpResponse): this {
    return this.on("PUT", path, respond);
  }
  patch(path: string, respond: (request: HttpRequest) => HttpResponse): this {
    return this.on("PATCH", path, respond);
  }
  delete(path: string, respond: (request: HttpRequest) => HttpResponse): this {
    return this.on("DELETE", path, respond);
  }

  /** The result for a function URL's event. */
  handle(event: string): string {
    return this.respond(HttpRequest.from(event)).toString();
  }

  respond(request: HttpRequest): HttpResponse {
    const path = request.rawPath.split("/");
    const method = request.method == "HEAD" ? "GET" : request.method;
    const allowed: string[] = [];
    for (let i = 0; i < this.routes.length; i++) {
      const route = this.routes[i];
      if (!route.matches(path, request.params)) continue;
      if (route.method == method) return route.respond(request);
      if (!allowed.includes(route.method)) allowed.push(route.method);
    }
    if (allowed.length == 0) return HttpResponse.error(404, "There is nothing at " + request.path + ".");
    return HttpResponse.error(405, request.method + " is not possible here.").header("allow", allowed.join(", "));
  }
}
