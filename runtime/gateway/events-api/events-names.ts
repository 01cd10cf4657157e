import { BusError, type Buses, type BusKey, parseBus, type RuleKey, toBusArn, toRuleArn } from '../../buses/index.ts';
import { Constraints } from '../../registry/constraints.ts';
import type { Wish } from '../auth/access.ts';
import type { ServiceRequest } from '../service/service.ts';

export type OpenBuses = () => Promise<Buses>;

/** How requests name a bus and a rule on it. */
export interface Named {
  readonly Name?: string | undefined;
  readonly EventBusName?: string | undefined;
}

const RULE = /^[.\-_A-Za-z0-9]+$/;
const BUS = /^(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/.\-_A-Za-z0-9]+$/;
const BUS_SHOWN = '(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+';

/** The bus that a request names, the default one where it names none. Throws for what is no name. */
export function toBusKey(
  { caller }: ServiceRequest,
  name: string | undefined,
  member: string = 'eventBusName',
): BusKey {
  const constraints = new Constraints();
  constraints.length(member, name, { min: 1, max: 1_600 });
  constraints.matches(member, name, BUS, BUS_SHOWN);
  constraints.assertSatisfied();
  const key = parseBus(caller.scope, name);
  if (key === undefined) throw new BusError('ValidationException', `Parameter ${member} is not valid.`);
  return key;
}

/** The rule that a request names. Throws for what is no name. */
export function toRuleKey(request: ServiceRequest, { Name, EventBusName }: Named, member: string = 'name'): RuleKey {
  const constraints = new Constraints();
  constraints.required(member, Name);
  constraints.length(member, Name, { min: 1, max: 64 });
  constraints.matches(member, Name, RULE, '[\\.\\-_A-Za-z0-9]+');
  constraints.assertSatisfied();
  const { region, accountId, name: bus } = toBusKey(request, EventBusName);
  return { region, accountId, bus, name: Name ?? '' };
}

export function toBusOf({ region, accountId, bus }: RuleKey): BusKey {
  return { region, accountId, name: bus };
}

/** Wants to do `action` to the rule of the request. */
export function ruleWish(request: ServiceRequest, action: string, named: Named): Wish {
  return { action: `events:${action}`, resource: toRuleArn(toRuleKey(request, named)) };
}

/** Wants to do `action` to a bus, by whose own policy it may be. */
export async function busWish(buses: OpenBuses, action: string, key: BusKey): Promise<Wish> {
  const policy = (await buses()).buses.find(key)?.policy;
  return { action: `events:${action}`, resource: toBusArn(key), policy };
}

/** Wants to hand a role to EventBridge. */
export function passWish(role: string): Wish {
  const context = { 'iam:PassedToService': 'events.amazonaws.com' };
  return { action: 'iam:PassRole', resource: role, context };
}
