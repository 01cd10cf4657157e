import {
  BusError,
  type Buses,
  DEFAULT_GROUP,
  type GroupRecord,
  type ScheduleKey,
  toGroupArn,
  toScheduleArn,
} from '../../buses/index.ts';
import type { Scope } from '../../contract/scope.ts';
import { Constraints } from '../../registry/constraints.ts';
import type { Wish } from '../auth/access.ts';
import type { ServiceRequest } from '../service/service.ts';

export type OpenBuses = () => Promise<Buses>;

type GroupKey = Pick<GroupRecord, 'region' | 'accountId' | 'name'>;

const NAME = /^[0-9a-zA-Z-_.]+$/;
const MOST_PAGE = 100;

/** The schedule that a request names. Throws for what is no name. */
export function toScheduleKey({ caller }: ServiceRequest, name: string | undefined, group?: string): ScheduleKey {
  const constraints = new Constraints();
  assertName(constraints, 'name', name);
  assertName(constraints, 'groupName', group ?? DEFAULT_GROUP);
  constraints.assertSatisfied();
  const { region, accountId } = caller.scope;
  return { region, accountId, group: group ?? DEFAULT_GROUP, name: name ?? '' };
}

/** The group that a request names. Throws for what is no name. */
export function toGroupKey({ caller }: ServiceRequest, name: string | undefined): GroupKey {
  const constraints = new Constraints();
  assertName(constraints, 'name', name);
  constraints.assertSatisfied();
  const { region, accountId } = caller.scope;
  return { region, accountId, name: name ?? '' };
}

export function scheduleWish(action: string, key: ScheduleKey): Wish {
  return { action: `scheduler:${action}`, resource: toScheduleArn(key) };
}

export function groupWish(action: string, key: GroupKey): Wish {
  return { action: `scheduler:${action}`, resource: toGroupArn(key) };
}

export function listWish(action: string, { region, accountId }: Scope): Wish {
  return { action: `scheduler:${action}`, resource: `arn:aws:scheduler:${region}:${accountId}:schedule/*/*` };
}

/** The part of a list, in the order of its names, that NextToken and MaxResults of the query ask for. */
export function toPage<Item>(
  items: readonly Item[],
  asked: { readonly NextToken?: string | undefined; readonly MaxResults?: string | undefined },
  nameOf: (item: Item) => string,
): { readonly page: readonly Item[]; readonly next: string | undefined } {
  const most = asked.MaxResults === undefined ? MOST_PAGE : Number(asked.MaxResults);
  if (!Number.isInteger(most) || most < 1 || most > MOST_PAGE) {
    throw new BusError('ValidationException', `MaxResults must be between 1 and ${MOST_PAGE}.`);
  }
  const after = asked.NextToken === undefined ? '' : Buffer.from(asked.NextToken, 'base64url').toString();
  const sorted = [...items].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const left = sorted.filter((item) => nameOf(item) > after);
  const page = left.slice(0, most);
  const last = page.at(-1);
  const hasMore = last !== undefined && left.length > page.length;
  return { page, next: hasMore ? Buffer.from(nameOf(last)).toString('base64url') : undefined };
}

function assertName(constraints: Constraints, member: string, name: string | undefined): void {
  constraints.required(member, name);
  constraints.length(member, name, { min: 1, max: 64 });
  constraints.matches(member, name, NAME, '[0-9a-zA-Z-_.]+');
}
