import type { Scope } from '../contract/scope.ts';
import { type BusKey, DEFAULT_BUS, type RuleKey } from './rule-record.ts';

const ARN = /^arn:aws[\w-]*:events:([\w-]+):(\d{12}):(event-bus|rule)\/(.+)$/;

export function toBusArn({ region, accountId, name }: BusKey): string {
  return `arn:aws:events:${region}:${accountId}:event-bus/${name}`;
}

/** The default bus is left out. */
export function toRuleArn({ region, accountId, bus, name }: RuleKey): string {
  return `arn:aws:events:${region}:${accountId}:rule/${bus === DEFAULT_BUS ? '' : `${bus}/`}${name}`;
}

/** The bus that a name or an ARN means; the default one when there is none. Undefined for another service's ARN. */
export function parseBus(scope: Scope, text: string = DEFAULT_BUS): BusKey | undefined {
  if (!text.startsWith('arn:')) return { region: scope.region, accountId: scope.accountId, name: text };
  const [, region = '', accountId = '', kind, name = ''] = ARN.exec(text) ?? [];
  return kind === 'event-bus' ? { region, accountId, name } : undefined;
}

/** Undefined for what is no ARN of a rule. */
export function parseRuleArn(text: string): RuleKey | undefined {
  const [, region = '', accountId = '', kind, path = ''] = ARN.exec(text) ?? [];
  if (kind !== 'rule') return undefined;
  const slash = path.lastIndexOf('/');
  const bus = slash === -1 ? DEFAULT_BUS : path.slice(0, slash);
  return { region, accountId, bus, name: path.slice(slash + 1) };
}
