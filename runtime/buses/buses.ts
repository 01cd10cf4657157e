import { randomUUID } from 'node:crypto';
import { type Letter, OutboxFull, type Post } from '../contract/letter.ts';
import type { Observer } from '../contract/observer.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import { toScheduledEvent } from '../events/schedule.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { toRuleArn } from './bus-arn.ts';
import { noSuchBus } from './bus-error.ts';
import { withinBounds } from './bus-policy.ts';
import { BusTable } from './bus-table.ts';
import type { EntryFailure, ParsedEntry } from './event-entry.ts';
import type { BusKey, RuleKey, RuleRecord } from './rule-record.ts';
import { RuleTable } from './rule-table.ts';
import { Schedules } from './schedule/schedules.ts';
import { type Travelling, toLetter } from './to-letter.ts';

export interface BusesDeps {
  readonly resources: ResourceStore;
  readonly post: Post;
  /** The times that were posted. */
  readonly marks: () => Promise<ReadonlyMap<string, number>>;
  /** Throws for what is no policy of a resource. */
  readonly parsePolicy: (text: string) => PolicyDocument;
  readonly observer: Observer;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Since when this process runs, in epoch milliseconds. */
  readonly since: number;
}

/** Event buses and the rules on them: what is put there goes to the targets of every rule that it matches, and of those that are due. */
export class Buses {
  readonly buses: BusTable;
  readonly rules: RuleTable;
  readonly #deps: BusesDeps;
  #schedules: Schedules | undefined;

  constructor(deps: BusesDeps) {
    this.#deps = deps;
    this.buses = new BusTable(deps);
    const changed = (): void => this.#schedules?.refresh();
    this.rules = new RuleTable({ ...deps, buses: this.buses, changed });
  }

  /** To be awaited before everything else. */
  async open(): Promise<void> {
    const { marks, observer, clock, since, post } = this.#deps;
    const [remembered] = await Promise.all([marks(), this.buses.open(), this.rules.open()]);
    this.#schedules = new Schedules({
      ...{ observer, clock, since, rules: () => this.rules.all(), marks: toArns(remembered) },
      fire: (rule, tick) => this.#fire(rule, tick),
      pass: (rule, until) => post([], { key: toMark(rule), at: until }),
    });
    this.#schedules.refresh();
  }

  /** Answers why an entry was not taken; undefined when it is durable. */
  async put({ bus, ...entry }: ParsedEntry): Promise<EntryFailure | undefined> {
    if (this.buses.find(bus) === undefined) {
      return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: noSuchBus(bus.name).message };
    }
    try {
      await this.publish(bus, { ...entry, hops: 0, ingestedAt: this.#deps.clock() });
      return undefined;
    } catch (error) {
      if (!(error instanceof OutboxFull)) throw error;
      return { ErrorCode: 'ThrottlingException', ErrorMessage: error.message };
    }
  }

  /** Resolves when every target that is to get the event will get it. */
  async publish(bus: BusKey, travelling: Travelling): Promise<void> {
    const letters = this.rules.matching(bus, travelling.event).flatMap((rule) => this.#lettersOf(rule, travelling));
    if (letters.length > 0) await this.#deps.post(letters);
  }

  async deleteRule(key: RuleKey): Promise<void> {
    await this.rules.delete(key);
    await this.#deps.post([], { key: toMark(key), at: undefined });
  }

  /** Replaces a bus's policy by JSON. */
  setPolicy(bus: BusKey, text: string): Promise<unknown> {
    const policy = withinBounds(this.#deps.parsePolicy(text));
    return this.buses.setPolicy(bus, () => policy);
  }

  /** Fires nothing any more. */
  async drain(): Promise<void> {
    await this.#schedules?.close();
  }

  close(): Promise<void> {
    return this.drain();
  }

  /** The event and that the rule fired are written together: neither is there without the other. */
  async #fire(rule: RuleRecord, tick: number): Promise<void> {
    const { region, accountId } = rule;
    const event = toScheduledEvent({ id: randomUUID(), at: tick, region, accountId, ruleArn: toRuleArn(rule) });
    const travelling = { event, hops: 0, ingestedAt: this.#deps.clock() };
    await this.#deps.post(this.#lettersOf(rule, travelling), { key: toMark(rule), at: tick });
  }

  #lettersOf(rule: RuleRecord, travelling: Travelling): readonly Letter[] {
    return rule.targets.flatMap((target) => {
      const { letter, failure } = toLetter(rule, target, travelling);
      if (failure !== undefined) this.#deps.observer.noticed('warn', failure);
      return letter === undefined ? [] : [letter];
    });
  }
}

const MARK = 'rule ';

function toMark(rule: RuleKey): string {
  return `${MARK}${toRuleArn(rule)}`;
}

function toArns(marks: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...marks].filter(([key]) => key.startsWith(MARK)).map(([key, at]) => [key.slice(MARK.length), at]));
}
