import type { Scope } from '../../contract/scope.ts';
import {
  assertGroupName,
  constraint,
  invalid,
  type LogGroupKey,
  type Logs,
  parseGroupIdentifier,
  toLogGroupArn,
  toLogStreamArn,
} from '../../logs/index.ts';
import type { Wish } from '../auth/access.ts';
import type { ServiceRequest } from '../service/service.ts';

export type OpenLogs = () => Promise<Logs>;

/** A group by its name, or by what AWS calls its identifier: name or ARN. */
export interface GroupInput {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/** The group that a request is about. Throws a LogError when it names none. */
export function parseGroup(
  scope: Scope,
  { logGroupName: name, logGroupIdentifier: identifier }: GroupInput,
): LogGroupKey {
  if (name !== undefined && identifier !== undefined) {
    throw invalid('LogGroup name and LogGroup identifier cannot be specified at the same time.');
  }
  if (identifier !== undefined) {
    const key = parseGroupIdentifier(scope, identifier);
    assertGroupName(key.name, 'logGroupIdentifier');
    return key;
  }
  if (name === undefined) throw nullMember('logGroupName');
  assertGroupName(name);
  return { region: scope.region, accountId: scope.accountId, name };
}

/** Wants to do `action` to the group of the request. */
export function wishFor(action: string): (request: ServiceRequest, input: GroupInput) => Promise<Wish> {
  return async ({ caller }, input) => ({
    action: `logs:${action}`,
    resource: `${toLogGroupArn(parseGroup(caller.scope, input))}:*`,
  });
}

/** Wants to do `action` to the stream of the request. */
export function wishForStream(
  action: string,
): (request: ServiceRequest, input: GroupInput & { readonly logStreamName?: string | undefined }) => Promise<Wish> {
  return async ({ caller }, { logStreamName = '', ...input }) => ({
    action: `logs:${action}`,
    resource: toLogStreamArn(parseGroup(caller.scope, input), logStreamName),
  });
}

export function nullMember(member: string): Error {
  return invalid(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

export function parseLimit(limit: number | undefined, most: number, otherwise: number = most): number {
  if (limit === undefined) return otherwise;
  if (limit < 1) throw constraint(limit, 'limit', 'have value greater than or equal to 1');
  if (limit > most) throw constraint(limit, 'limit', `have value less than or equal to ${most}`);
  return limit;
}

/** What a token begins with: no other text is one. */
const BEHIND = 'behind:';

/** A page of what is behind the item that a token names, or behind where it was if it is gone and items are in the order of their keys. */
export function toPage<Item>(
  items: readonly Item[],
  { nextToken, limit }: { readonly nextToken?: string | undefined; readonly limit: number },
  keyOf: (item: Item) => string,
): { readonly items: readonly Item[]; readonly nextToken?: string } {
  const from = nextToken === undefined ? 0 : findPlace(items.map(keyOf), nextToken);
  const page = items.slice(from, from + limit);
  const end = page.at(-1);
  if (end === undefined || from + limit >= items.length) return { items: page };
  return { items: page, nextToken: Buffer.from(`${BEHIND}${keyOf(end)}`).toString('base64url') };
}

function findPlace(keys: readonly string[], token: string): number {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(BEHIND)) throw invalid('The specified nextToken is invalid.');
  const last = text.slice(BEHIND.length);
  const found = keys.indexOf(last);
  if (found >= 0) return found + 1;
  const next = keys.findIndex((key) => key > last);
  return next < 0 ? keys.length : next;
}
