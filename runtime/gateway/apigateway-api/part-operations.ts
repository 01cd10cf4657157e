import type { Scope } from '../../contract/scope.ts';
import type { RestOperation } from '../rest/rest-service.ts';
import type { ServiceRequest } from '../service/service.ts';
import { type Of, type Shape, type Structure, structure, TEXT } from '../service/shape.ts';
import { toPage } from './paging.ts';
import { PAGE } from './shapes.ts';

/** What APIs have several of, each with an id. */
export interface ApiParts<Given, Item> {
  list(scope: Scope, apiId: string): readonly Item[];
  get(scope: Scope, apiId: string, id: string): Item;
  create(scope: Scope, apiId: string, given: Given): Promise<Item>;
  update(scope: Scope, apiId: string, id: string, given: Given): Promise<Item>;
  delete(scope: Scope, apiId: string, id: string): Promise<void>;
}

export interface PartOperations<Members extends Structure, Item> {
  /** What operations call one and many. */
  readonly names: readonly [one: string, many: string];
  /** Under an API. */
  readonly path: string;
  /** The member that holds the id. */
  readonly id: string;
  readonly members: Members;
  readonly open: () => Promise<ApiParts<Of<Members>, Item>>;
  readonly view: (item: Item) => unknown;
}

/** Create, list, get, update and delete, which are alike for all that belongs to APIs. */
export function createPartOperations<Members extends Structure, Item>({
  names: [one, many],
  id,
  members,
  open,
  view,
  ...part
}: PartOperations<Members, Item>): readonly RestOperation[] {
  const all = `/v2/apis/:apiId/${part.path}`;
  const each = `${all}/:${id}`;
  const key: Record<string, Shape> = { apiId: TEXT, [id]: TEXT };
  const handle =
    (handler: (asked: Asked<Of<Members>>) => Promise<unknown>) =>
    ({ caller: { scope } }: ServiceRequest, input: Readonly<Record<string, unknown>>) => {
      const { apiId, [id]: partId, ...given } = input;
      return handler({ scope, apiId: String(apiId), id: String(partId), given: given as Of<Members> });
    };
  return [
    {
      ...{ name: `Create${one}`, method: 'POST', path: all, status: 201 },
      input: structure({ ...members.members, apiId: TEXT }),
      handle: handle(async ({ scope, apiId, given }) => view(await (await open()).create(scope, apiId, given))),
    },
    {
      ...{ name: `Get${many}`, method: 'GET', path: all, status: 200 },
      input: structure({ ...PAGE, apiId: TEXT }),
      handle: handle(async ({ scope, apiId, given }) =>
        toPage((await open()).list(scope, apiId), given as object, view),
      ),
    },
    {
      ...{ name: `Get${one}`, method: 'GET', path: each, status: 200 },
      input: structure(key),
      handle: handle(async ({ scope, apiId, id: partId }) => view((await open()).get(scope, apiId, partId))),
    },
    {
      ...{ name: `Update${one}`, method: 'PATCH', path: each, status: 200 },
      input: structure({ ...members.members, ...key }),
      handle: handle(async ({ scope, apiId, id: partId, given }) =>
        view(await (await open()).update(scope, apiId, partId, given)),
      ),
    },
    {
      ...{ name: `Delete${one}`, method: 'DELETE', path: each, status: 204 },
      input: structure(key),
      handle: handle(async ({ scope, apiId, id: partId }) => (await open()).delete(scope, apiId, partId)),
    },
  ];
}

interface Asked<Given> {
  readonly scope: Scope;
  readonly apiId: string;
  readonly id: string;
  readonly given: Given;
}
