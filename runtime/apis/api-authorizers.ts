import type { Scope } from '../contract/scope.ts';
import { conflict, notFound } from './api-error.ts';
import type { ApiLayout, AuthorizerRecord } from './api-record.ts';
import { type Apis, tooMany } from './apis.ts';
import { type AuthorizerInput, toAuthorizer } from './authorizer-settings.ts';
import { drawId } from './draw-id.ts';

const MOST_AUTHORIZERS = 10;

/** Who decides over the callers of routes. Methods throw ApiErrors. */
export class ApiAuthorizers {
  readonly #apis: Apis;

  constructor(apis: Apis) {
    this.#apis = apis;
  }

  list(scope: Scope, apiId: string): readonly AuthorizerRecord[] {
    return Object.values(this.#apis.get(scope, apiId).authorizers);
  }

  get(scope: Scope, apiId: string, authorizerId: string): AuthorizerRecord {
    return find(this.#apis.get(scope, apiId), authorizerId);
  }

  create(scope: Scope, apiId: string, given: AuthorizerInput): Promise<AuthorizerRecord> {
    return this.#put(scope, apiId, ({ authorizers }) => {
      if (Object.keys(authorizers).length >= MOST_AUTHORIZERS)
        throw tooMany('authorizers of this API', MOST_AUTHORIZERS);
      return toAuthorizer(drawId(6), given);
    });
  }

  update(scope: Scope, apiId: string, id: string, given: AuthorizerInput): Promise<AuthorizerRecord> {
    return this.#put(scope, apiId, (api) => {
      const current = find(api, id);
      const user = userOf(api, id);
      if (given.authorizerType !== undefined && given.authorizerType !== current.authorizerType && user) {
        throw conflict(`Cannot change the type of authorizer '${id}': the route '${user}' refers to it`);
      }
      return toAuthorizer(id, given, current);
    });
  }

  async delete(scope: Scope, apiId: string, id: string): Promise<void> {
    await this.#apis.changeLayout(scope, apiId, (api) => {
      find(api, id);
      const user = userOf(api, id);
      if (user) throw conflict(`Cannot delete authorizer '${id}': the route '${user}' refers to it`);
      const { [id]: _gone, ...authorizers } = api.authorizers;
      return { ...api, authorizers };
    });
  }

  async #put(scope: Scope, apiId: string, make: (api: ApiLayout) => AuthorizerRecord): Promise<AuthorizerRecord> {
    let made: AuthorizerRecord | undefined;
    await this.#apis.changeLayout(scope, apiId, (api) => {
      made = make(api);
      const { authorizerId, name } = made;
      const others = Object.values(api.authorizers).filter((other) => other.authorizerId !== authorizerId);
      if (others.some((other) => other.name === name)) throw conflict(`Authorizer name must be unique: ${name}`);
      return { ...api, authorizers: { ...api.authorizers, [authorizerId]: made } };
    });
    return made as AuthorizerRecord;
  }
}

function userOf({ routes }: ApiLayout, id: string): string | undefined {
  return Object.values(routes).find(({ authorizerId }) => authorizerId === id)?.routeKey;
}

function find({ authorizers }: ApiLayout, id: string): AuthorizerRecord {
  const authorizer = Object.hasOwn(authorizers, id) ? authorizers[id] : undefined;
  if (authorizer === undefined) throw notFound('Authorizer', id);
  return authorizer;
}
