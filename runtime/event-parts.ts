import type { ApisDeps, ApisPart } from './apis/index.ts';
import type { Buckets } from './buckets/index.ts';
import type { Buses } from './buses/index.ts';
import { Closers } from './closers.ts';
import type { Config } from './config.ts';
import type { Deliver } from './contract/delivery.ts';
import type { KeepLines } from './contract/function-lines.ts';
import type { Invoker } from './contract/invoker.ts';
import type { Post } from './contract/letter.ts';
import { MIB, QUEUE_MESSAGES_BYTES } from './contract/limits.ts';
import type { Observer } from './contract/observer.ts';
import type { TakeTrace } from './contract/tracer.ts';
import type { DataDirectory } from './data-directory.ts';
import { Deferred, deferred } from './deferred.ts';
import type { DeferredIdentities } from './identity/index.ts';
import type { Logs } from './logs/index.ts';
import type { Queues } from './queues/index.ts';
import type { FunctionRegistry } from './registry/index.ts';
import { SqliteEventQueue, SqliteMessageStore, SqliteOutboxStore, type SqliteResourceStore } from './store/index.ts';
import type { FunctionLog } from './telemetry/index.ts';
import type { Topics } from './topics/index.ts';
import { AsyncInvocations } from './triggers/async-invocations.ts';
import type { EventTargets } from './triggers/run-event.ts';

export interface EventPartsDeps {
  readonly config: Config;
  readonly dataDir: string;
  readonly data: DataDirectory;
  readonly resources: SqliteResourceStore;
  readonly identities: DeferredIdentities;
  readonly registry: FunctionRegistry;
  readonly observer: Observer;
  readonly invoke: Invoker;
  readonly lines: FunctionLog;
  readonly takeTrace: TakeTrace;
  /** APIs of a file. */
  readonly fixed: ApisDeps['fixed'];
  /** When the process started, epoch milliseconds. */
  readonly since: number;
}

/** What calls functions by itself, and what they call or are told of; what is deferred is loaded when it is first asked for. */
export interface EventParts {
  readonly asyncInvocations: AsyncInvocations;
  readonly queues: Deferred<Queues>;
  readonly topics: Deferred<Topics>;
  readonly buses: Deferred<Buses>;
  readonly buckets: Deferred<Buckets>;
  readonly apis: Deferred<ApisPart>;
  readonly logs: Deferred<Logs>;
  readonly keepLines: KeepLines;
  /** Goes on with what an earlier process has left, where there is anything. */
  open(): Promise<void>;
  /** Begins nothing any more; resolves when nothing is under way. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/**
 * ```
 * apis --> gateway            buckets, topics, buses --> outbox --> deliver --> queues, topics, buses, functions
 * queues, streams --> pollers --> invoke            functions --> asyncInvocations --> deliver
 * ```
 */
export function createEventParts(deps: EventPartsDeps): EventParts {
  const { config, dataDir, data, resources, registry, observer, invoke, lines, takeTrace } = deps;
  const authorizer = deps.identities;
  const { privateHosts } = config;
  const letters = new SqliteOutboxStore(data.storage);
  const deliver: Deliver = deferred(async () => {
    const { createDeliver } = await import('./wiring/deliver.ts');
    const { enqueue } = asyncInvocations;
    return createDeliver({
      ...{ registry, enqueue, takeTrace, authorizer },
      ...{ queues: queues.get, topics: topics.get, buses: buses.get },
    });
  });
  const post: Post = async (...given) => (await outbox.get()).post(...given);
  const outbox = new Deferred(async () => {
    const { openOutbox } = await import('./wiring/open-outbox.ts');
    return openOutbox({ store: letters, deliver, observer });
  });
  const queues = new Deferred(async () => {
    const { openQueues } = await import('./wiring/open-queues.ts');
    return openQueues({
      ...{ resources, observer, messages: new SqliteMessageStore(data.storage) },
      most: { messages: config.sqsMessages, bytes: QUEUE_MESSAGES_BYTES },
    });
  });
  const topics = new Deferred(async () => {
    const { openTopics } = await import('./wiring/open-topics.ts');
    return openTopics({ resources, cipher: data.cipher, privateHosts, post });
  });
  const buses = new Deferred(async () => {
    const { openBuses } = await import('./wiring/open-buses.ts');
    return openBuses({ resources, outbox: outbox.get, observer, since: deps.since });
  });
  const buckets = new Deferred(async () => {
    const { openBuckets } = await import('./wiring/open-buckets.ts');
    return openBuckets({ storage: data.storage, dataDir, post, deliver, mostBytes: config.s3Gb * 1_024 * MIB });
  });
  const apis = new Deferred(async () => {
    const { openApis } = await import('./wiring/open-apis.ts');
    return openApis({ resources, fixed: deps.fixed, privateHosts });
  });
  const logs = new Deferred(async () => {
    const { openLogs } = await import('./wiring/open-logs.ts');
    const settled = (): Promise<void> => lines.settled();
    return openLogs({
      ...{ resources, observer, deliver, authorizer, dataDir, settled, post },
      mostBytes: config.logsMb * MIB,
    });
  });
  const targets = toEventTargets(registry);
  const pollers = new Deferred(async () => {
    const { openPollers } = await import('./wiring/open-pollers.ts');
    return openPollers({
      ...{ registry, targets, observer, resources, deliver, takeTrace, config },
      ...{ authorizer, queues: queues.get, invoke },
    });
  });
  const asyncInvocations = createAsyncInvocations({ ...deps, deliver, targets });

  const keepLines: KeepLines = async (given) => (await logs.get()).keepLines(given);
  if (config.logsMb > 0) lines.open(keepLines);
  const poll = async (): Promise<void> => {
    if ((await registry.eventSources.all()).length > 0) await pollers.get();
  };
  registry.eventSources.onChange(() => {
    poll().catch((error: Error) => observer.noticed('error', `Event sources cannot be polled: ${error.message}`));
  });
  const closers = new Closers();
  for (const part of [queues, logs]) closers.add(() => part.close());
  closers.add(() => lines.settled());
  closers.add(() => asyncInvocations.close());
  for (const part of [outbox, buses, buckets, pollers]) closers.add(() => part.close());
  return {
    ...{ asyncInvocations, queues, topics, buses, buckets, apis, logs, keepLines },
    async open() {
      await Promise.all([asyncInvocations.open(), poll()]);
      if ((await letters.summary()).letters > 0) await outbox.get();
      const [rules, schedules] = await Promise.all([resources.list('event-rule'), resources.list('schedule')]);
      if (rules.length + schedules.length > 0) await buses.get();
    },
    async drain() {
      await Promise.all([pollers.drain(), buses.drain(), queues.drain(), outbox.drain(), asyncInvocations.drain()]);
    },
    close: () => closers.close(),
  };
}

function createAsyncInvocations({
  config,
  data,
  observer,
  invoke,
  deliver,
  targets,
}: Pick<EventPartsDeps, 'config' | 'data' | 'observer' | 'invoke'> & {
  readonly deliver: Deliver;
  readonly targets: EventTargets;
}): AsyncInvocations {
  const store = new SqliteEventQueue(data.storage);
  return new AsyncInvocations({
    ...{ invoke, observer, targets, store, clock: Date.now },
    async finished(event, end) {
      if (end.handling?.destinations === undefined) return;
      const { createEventDestinations } = await import('./wiring/event-destinations.ts');
      await createEventDestinations({ store, deliver, observer })(event, end);
    },
    mostEvents: config.asyncQueue,
    retryDelaysMs: config.asyncRetryDelays.map((seconds) => seconds * 1000),
  });
}

function toEventTargets(registry: FunctionRegistry): EventTargets {
  return {
    ready: (scope, name) => registry.ready(scope, name),
    resolve: (scope, name, qualifier) => registry.resolve(scope, name, qualifier),
    handling: (scope, name, qualifier) => registry.eventInvoke.handling(scope, name, qualifier),
  };
}
