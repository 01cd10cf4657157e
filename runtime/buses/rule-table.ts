import { matches, type Pattern, PatternError, parsePattern } from '../patterns/index.ts';
import { Collection } from '../store/collection.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { BusError, invalid, noSuchRule, tooMany } from './bus-error.ts';
import type { BusEvent } from './bus-event.ts';
import type { BusTable } from './bus-table.ts';
import { type BusKey, DEFAULT_BUS, type RuleKey, type RuleRecord, type RuleSettings } from './rule-record.ts';
import { parseSchedule } from './schedule/schedule.ts';
import { withoutTargets, withTargets } from './targets.ts';

export interface RuleTableDeps {
  readonly resources: ResourceStore;
  readonly buses: BusTable;
  /** Told of a change that can be seen, before whoever made it. */
  readonly changed: () => void;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export type FailedTarget = { readonly TargetId: string; readonly ErrorCode: string; readonly ErrorMessage: string };

/** Of one bus. */
const MOST_RULES = 300;

/** The rules that there are, and their targets. Methods throw BusErrors. To be opened before anything else. */
export class RuleTable {
  readonly #deps: RuleTableDeps;
  readonly #rules: Collection<RuleRecord>;
  /** By bus; made anew after a change. */
  readonly #byBus = new Map<string, readonly RuleRecord[]>();
  readonly #patterns = new WeakMap<RuleRecord, Pattern>();

  constructor(deps: RuleTableDeps) {
    this.#deps = deps;
    this.#rules = new Collection(deps.resources, 'event-rule', () => {
      this.#byBus.clear();
      deps.changed();
    });
  }

  open(): Promise<void> {
    return this.#rules.open();
  }

  get(key: RuleKey): RuleRecord {
    const found = this.#rules.get(key, idOf(key));
    if (found === undefined) throw noSuchRule(key.name, key.bus);
    return found;
  }

  /** Of every account and region. */
  all(): readonly RuleRecord[] {
    return this.#rules.all();
  }

  /** By name. */
  list(bus: BusKey): readonly RuleRecord[] {
    const id = `${bus.accountId}/${bus.region}/${bus.name}`;
    const known = this.#byBus.get(id);
    if (known !== undefined) return known;
    const rules = this.#rules.list(bus).filter((rule) => rule.bus === bus.name);
    this.#byBus.set(id, rules);
    return rules;
  }

  /** Whether a rule is enabled and matches. */
  matches(rule: RuleRecord, event: BusEvent): boolean {
    if (rule.state === 'DISABLED' || rule.pattern === undefined) return false;
    const pattern = this.#patterns.get(rule) ?? parsePattern(rule.pattern);
    this.#patterns.set(rule, pattern);
    return matches(pattern, event);
  }

  /** Replaces what PutRule says of a rule; targets and tags of one that is there stay. */
  put(key: RuleKey, settings: RuleSettings, tags: RuleRecord['tags']): Promise<RuleRecord> {
    assertSettings(key, settings);
    return this.#rules.change(key, idOf(key), (current) => {
      const bus = { ...key, name: key.bus };
      this.#deps.buses.get(bus);
      if (current === undefined && this.list(bus).length >= MOST_RULES) throw tooMany();
      const now = this.#deps.clock();
      const isSame = current?.schedule === settings.schedule && current?.schedule !== undefined;
      const isStillOn = isSame && current?.state !== 'DISABLED';
      const { region, accountId, name } = key;
      return {
        ...{ region, accountId, name, bus: key.bus, ...settings },
        ...{ targets: current?.targets ?? [], tags: current?.tags ?? tags },
        scheduledAt: isSame ? (current?.scheduledAt ?? now) : now,
        activeSince: isStillOn ? (current?.activeSince ?? now) : now,
      };
    });
  }

  setState(key: RuleKey, state: RuleRecord['state']): Promise<RuleRecord> {
    return this.#change(key, (rule) => ({
      ...rule,
      state,
      activeSince: rule.state === 'DISABLED' ? this.#deps.clock() : rule.activeSince,
    }));
  }

  tag(key: RuleKey, change: (tags: RuleRecord['tags']) => RuleRecord['tags']): Promise<RuleRecord> {
    return this.#change(key, (rule) => ({ ...rule, tags: change(rule.tags) }));
  }

  /** One that does not exist is deleted already. */
  async delete(key: RuleKey): Promise<void> {
    await this.#rules.change(key, idOf(key), (current) => {
      if (current !== undefined && current.targets.length > 0) {
        throw invalid("Rule can't be deleted since it has targets.");
      }
      return undefined;
    });
  }

  /** Replaces targets of the same id. */
  async putTargets(key: RuleKey, targets: RuleRecord['targets']): Promise<void> {
    await this.#change(key, (rule) => ({ ...rule, targets: withTargets(rule.targets, targets) }));
  }

  /** Answers those that are not there. */
  async removeTargets(key: RuleKey, ids: readonly string[]): Promise<readonly FailedTarget[]> {
    let failed: readonly FailedTarget[] = [];
    await this.#change(key, (rule) => {
      const missing = ids.filter((id) => !rule.targets.some(({ Id }) => Id === id));
      failed = missing.map((id) => ({
        ...{ TargetId: id, ErrorCode: 'ResourceNotFoundException' },
        ErrorMessage: `Rule '${key.name}' does not have a target with the Id '${id}'.`,
      }));
      return { ...rule, targets: withoutTargets(rule.targets, ids) };
    });
    return failed;
  }

  #change(key: RuleKey, change: (rule: RuleRecord) => RuleRecord): Promise<RuleRecord> {
    return this.#rules.change(key, idOf(key), (current) => {
      if (current === undefined) throw noSuchRule(key.name, key.bus);
      return change(current);
    });
  }
}

/** Throws a BusError for a text that is no pattern of a rule. */
export function toPattern(text: string): Pattern {
  try {
    const pattern = parsePattern(text);
    if (pattern.inner.size + pattern.leaves.size + pattern.alternatives.length > 0) return pattern;
    throw new PatternError('Event pattern is empty');
  } catch (error) {
    if (error instanceof PatternError) throw new BusError('InvalidEventPatternException', error.message);
    throw error;
  }
}

function assertSettings({ bus }: RuleKey, { pattern, schedule }: RuleSettings): void {
  if (pattern === undefined && schedule === undefined) {
    throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  if (pattern !== undefined) toPattern(pattern);
  if (schedule === undefined) return;
  if (bus !== DEFAULT_BUS) throw invalid('ScheduleExpression is supported only on the default event bus.');
  if (parseSchedule(schedule) === undefined) throw invalid('Parameter ScheduleExpression is not valid.');
}

function idOf({ bus, name }: RuleKey): string {
  return `${bus}/${name}`;
}
