import type { Authorizer } from '../contract/authorizer.ts';
import type { Deliver } from '../contract/delivery.ts';
import type { FunctionLines, LinesOwner } from '../contract/function-lines.ts';
import type { Post } from '../contract/letter.ts';
import type { Observer } from '../contract/observer.ts';
import { toTextEntry } from '../events/log-text.ts';
import type { LogBlock, LogStore, StreamSummary } from '../store/log-store.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { LogError } from './log-error.ts';
import { type Position, toLogEvents } from './log-event.ts';
import { assertStreamName, type LogGroupKey, type LogGroupRecord, toLogGroupArn, toLogStreamArn } from './log-group.ts';
import { LogGroups, noSuchStream } from './log-groups.ts';
import { type PutEvent, type Rejected, sortAccepted } from './put-events.ts';
import { type Reading, type ReadingLimits, readBackward, readForward, type Selection } from './reading.ts';
import { type NewSubscription, parseSubscription, tellSubscribers } from './subscriptions.ts';

export interface LogsDeps {
  readonly resources: ResourceStore;
  readonly store: LogStore;
  readonly observer: Pick<Observer, 'noticed'>;
  /** How subscribers are told. */
  readonly post: Post;
  readonly deliver: Deliver;
  readonly authorizer: Pick<Authorizer, 'ready' | 'mayRole'>;
  /** Resolves when lines of invocations that have ended were kept. */
  readonly settled: () => Promise<void>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

const DAY_MS = 86_400_000;
/** Of a group, as they are asked for: each is in memory once the group is used. */
const MOST_STREAMS = 100_000;
/** How often what is older than its group wants goes, in milliseconds; readers never see it. */
const SWEEP_MS = 3_600_000;

/** CloudWatch Logs without its protocol: groups, their streams, and the events in them. Methods throw LogErrors. */
export class Logs {
  readonly groups: LogGroups;
  readonly #deps: LogsDeps;
  #sweeping: NodeJS.Timeout | undefined;

  constructor(deps: LogsDeps) {
    this.#deps = deps;
    this.groups = new LogGroups(deps.resources, deps.clock);
  }

  /** To be awaited before anything else. */
  async open(): Promise<void> {
    await this.groups.open();
    await this.#deps.store.retain(new Set(this.groups.all().map(({ id }) => id)));
    this.#sweeping = setInterval(() => void this.sweep(), SWEEP_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await this.#deps.store.close();
  }

  /** Resolves when the lines of all invocations that have ended can be read. */
  settled(): Promise<void> {
    return this.#deps.settled();
  }

  /** Keeps what the roles of the functions let them write. */
  async keepLines(lines: readonly FunctionLines[]): Promise<void> {
    await this.#deps.authorizer.ready();
    await Promise.all(
      lines.map(async ({ owner, ...block }) => {
        const group = await this.#groupFor(owner);
        if (group === undefined) return;
        await this.#append(group, { stream: owner.logStream, ...block, at: this.#deps.clock() }, owner.arn);
      }),
    );
  }

  async createStream(key: LogGroupKey, stream: string): Promise<void> {
    assertStreamName(stream);
    const { id } = this.groups.get(key);
    const { store } = this.#deps;
    if (await store.hasStream(id, stream)) {
      throw new LogError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    }
    if ((await store.countStreams(id)) >= MOST_STREAMS) {
      throw new LogError('LimitExceededException', 'Resource limit exceeded.');
    }
    await store.createStream(id, stream, this.#deps.clock());
  }

  async deleteStream(key: LogGroupKey, stream: string): Promise<void> {
    const { id } = await this.#withStream(key, stream);
    await this.#deps.store.deleteStream(id, stream, this.#deps.clock());
  }

  async streams(key: LogGroupKey): Promise<ReadonlyMap<string, StreamSummary>> {
    const { id } = this.groups.get(key);
    return this.#deps.store.streams(id);
  }

  /** What the group takes, in bytes. */
  bytesOf({ id }: LogGroupRecord): Promise<number> {
    return this.#deps.store.bytesOf(id);
  }

  async deleteGroup(key: LogGroupKey): Promise<void> {
    const { id } = await this.groups.delete(key);
    await this.#deps.store.drop(id);
  }

  /** Answers which events were too old or too new, and are not kept. */
  async put(key: LogGroupKey, stream: string, events: readonly PutEvent[]): Promise<Rejected> {
    const group = await this.#withStream(key, stream);
    const { retentionDays } = group;
    const at = this.#deps.clock();
    const { accepted, rejected } = sortAccepted(events, { now: at, retentionDays });
    const [first, last] = [accepted[0], accepted.at(-1)];
    if (first !== undefined && last !== undefined) {
      const entries = accepted.map(({ timestamp, message }) => toTextEntry(timestamp, message));
      await this.#append(group, { stream, entries, from: first.timestamp, to: last.timestamp, at });
    }
    return rejected;
  }

  /** What is at `start` and behind it. */
  async read(
    key: LogGroupKey,
    selection: Selection,
    options: { readonly start: Position; readonly limits: ReadingLimits },
  ): Promise<Reading> {
    const group = this.groups.get(key);
    return readForward(this.#deps.store, group.id, this.#unexpired(group, selection), options);
  }

  /** What is before `start`, or the end when that is undefined: the latest of it. */
  async readBack(
    key: LogGroupKey,
    selection: Selection,
    options: { readonly start: Position | undefined; readonly limits: ReadingLimits },
  ): Promise<Reading> {
    const group = this.groups.get(key);
    return readBackward(this.#deps.store, group.id, this.#unexpired(group, selection), options);
  }

  /** One of the same name is replaced. */
  async subscribe(key: LogGroupKey, filter: NewSubscription): Promise<void> {
    this.groups.get(key);
    await this.groups.putFilter(key, await parseSubscription(this.#deps.deliver, key, filter));
  }

  async assertStream(key: LogGroupKey, stream: string): Promise<void> {
    await this.#withStream(key, stream);
  }

  /** Removes what is older than its group wants. */
  async sweep(): Promise<void> {
    for (const { id, retentionDays } of this.groups.all()) {
      if (retentionDays === undefined) continue;
      // What cannot be removed now is removed the next time.
      await this.#deps.store.expire(id, this.#deps.clock() - retentionDays * DAY_MS).catch(() => undefined);
    }
  }

  async #append(group: LogGroupRecord, block: LogBlock, writer?: string): Promise<void> {
    let place = await this.#deps.store.append(group.id, block);
    if (group.filters.length === 0) return;
    const events = block.entries.flatMap((text) => {
      const found = toLogEvents({ place, text, stream: block.stream, at: block.at });
      place += Buffer.byteLength(text) + 1;
      return found;
    });
    await tellSubscribers(this.#deps.post, group, { events, ...(writer === undefined ? {} : { writer }) }).catch(
      (error: Error) => {
        this.#deps.observer.noticed(
          'error',
          `Subscribers of ${group.name} were not told of some events: ${error.message}`,
        );
      },
    );
  }

  async #withStream(key: LogGroupKey, stream: string): Promise<LogGroupRecord> {
    const group = this.groups.get(key);
    if (!(await this.#deps.store.hasStream(group.id, stream))) throw noSuchStream();
    return group;
  }

  async #groupFor({ arn, role, logGroup: name, logStream }: LinesOwner): Promise<LogGroupRecord | undefined> {
    const [, , , region = '', accountId = ''] = arn.split(':');
    const key = { region, accountId, name };
    const { authorizer } = this.#deps;
    if (!authorizer.mayRole(role, 'logs:PutLogEvents', toLogStreamArn(key, logStream))) return undefined;
    const found = this.groups.find(key);
    if (found !== undefined) return found;
    return authorizer.mayRole(role, 'logs:CreateLogGroup', toLogGroupArn(key)) ? this.groups.ensure(key) : undefined;
  }

  #unexpired({ retentionDays }: LogGroupRecord, selection: Selection): Selection {
    if (retentionDays === undefined) return selection;
    return { ...selection, from: Math.max(selection.from, this.#deps.clock() - retentionDays * DAY_MS) };
  }
}
