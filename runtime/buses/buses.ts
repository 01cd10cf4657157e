import { setImmediate as turn } from 'node:timers/promises';
import { type Letter, OutboxFull, type Post } from '../contract/letter.ts';
import { MIB } from '../contract/limits.ts';
import type { Observer } from '../contract/observer.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { toRuleArn } from './bus-arn.ts';
import { noSuchBus } from './bus-error.ts';
import type { BusEvent } from './bus-event.ts';
import { withinBounds } from './bus-policy.ts';
import { BusTable } from './bus-table.ts';
import type { EntryFailure, ParsedEntry } from './event-entry.ts';
import { Firing, fromMarks, toMark } from './firing.ts';
import type { BusKey, RuleKey, RuleRecord } from './rule-record.ts';
import { RuleTable } from './rule-table.ts';
import { Schedules } from './schedule/schedules.ts';
import { type GroupKey, type ScheduleKey, toScheduleArn } from './scheduler/schedule-record.ts';
import { ScheduleTable } from './scheduler/schedule-table.ts';
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

/** How an event came to a bus. */
export interface EventWay {
  /** How often it was passed on from one bus to another. */
  readonly hops?: number;
  readonly traceId?: string | undefined;
}

/** What is posted in one piece, in characters. */
const MOST_POSTED: number = MIB;
/** Nobody else waits longer, in milliseconds. */
const TURN_MS = 10;

/** Event buses and the rules on them: what is put there goes to the targets of every rule that it matches, and of those that are due. */
export class Buses {
  readonly buses: BusTable;
  readonly rules: RuleTable;
  readonly schedules: ScheduleTable;
  readonly #deps: BusesDeps;
  #ticker: Schedules | undefined;

  constructor(deps: BusesDeps) {
    this.#deps = deps;
    this.buses = new BusTable(deps);
    const changed = (): void => this.#ticker?.refresh();
    this.rules = new RuleTable({ ...deps, buses: this.buses, changed });
    this.schedules = new ScheduleTable({ ...deps, changed });
  }

  /** To be awaited before everything else. */
  async open(): Promise<void> {
    const { marks, observer, clock, since } = this.#deps;
    const [remembered] = await Promise.all([marks(), this.buses.open(), this.rules.open(), this.schedules.open()]);
    const lettersOf = (rule: RuleRecord, travelling: Travelling) => this.#lettersOf(rule, travelling);
    const firing = new Firing({ ...this.#deps, rules: this.rules, schedules: this.schedules, lettersOf });
    this.#ticker = new Schedules({
      ...{ observer, clock, since, marks: fromMarks(remembered) },
      timed: () => firing.timed(),
    });
    this.#ticker.refresh();
  }

  /** Answers why an entry was not taken; undefined when it is durable. */
  async put({ bus, ...entry }: ParsedEntry): Promise<EntryFailure | undefined> {
    if (this.buses.find(bus) === undefined) {
      return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: noSuchBus(bus.name).message };
    }
    try {
      await this.publish(bus, entry.event, entry);
      return undefined;
    } catch (error) {
      if (!(error instanceof OutboxFull)) throw error;
      return { ErrorCode: 'ThrottlingException', ErrorMessage: error.message };
    }
  }

  /**
   * Resolves when every target that is to get the event will get it. What it is turned into is posted a few at a time, and
   * others have their turn between: a large event may be for many rules.
   */
  async publish(bus: BusKey, event: BusEvent, { hops = 0, traceId }: EventWay = {}): Promise<void> {
    const travelling = { event, json: JSON.stringify(event), hops, traceId, ingestedAt: this.#deps.clock() };
    let letters: Letter[] = [];
    let size = 0;
    let until = performance.now() + TURN_MS;
    for (const rule of this.rules.list(bus)) {
      if (performance.now() > until) {
        await turn();
        until = performance.now() + TURN_MS;
      }
      if (!this.rules.matches(rule, event)) continue;
      const more = this.#lettersOf(rule, travelling);
      letters.push(...more);
      size += more.reduce(
        (sum, { delivery, deadLetter }) => sum + delivery.body.length + (deadLetter?.body?.length ?? 0),
        0,
      );
      if (size < MOST_POSTED) continue;
      await this.#deps.post(letters);
      [letters, size] = [[], 0];
    }
    if (letters.length > 0) await this.#deps.post(letters);
  }

  async deleteRule(key: RuleKey): Promise<void> {
    await this.rules.delete(key);
    await this.#deps.post([], toMark(toRuleArn(key), undefined));
  }

  async deleteSchedule(key: ScheduleKey): Promise<void> {
    await this.schedules.delete(key);
    await this.#deps.post([], toMark(toScheduleArn(key), undefined));
  }

  /** With all that is in it. */
  async deleteGroup(key: GroupKey): Promise<void> {
    const schedules = await this.schedules.deleteGroup(key);
    for (const schedule of schedules) await this.#deps.post([], toMark(toScheduleArn(schedule), undefined));
  }

  /** Replaces a bus's policy by JSON. */
  setPolicy(bus: BusKey, text: string): Promise<unknown> {
    const policy = withinBounds(this.#deps.parsePolicy(text));
    return this.buses.setPolicy(bus, () => policy);
  }

  /** Fires nothing any more. */
  async drain(): Promise<void> {
    await this.#ticker?.close();
  }

  close(): Promise<void> {
    return this.drain();
  }

  #lettersOf(rule: RuleRecord, travelling: Travelling): readonly Letter[] {
    return rule.targets.flatMap((target) => {
      const { letter, failure } = toLetter(rule, target, travelling);
      if (failure !== undefined) this.#deps.observer.noticed('warn', failure);
      return letter === undefined ? [] : [letter];
    });
  }
}
