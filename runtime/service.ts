import { Closers } from './closers.ts';
import type { Keeper } from './cluster/keeper.ts';
import type { Config } from './config.ts';
import type { LoadedArtifact } from './contract/artifact.ts';
import type { FunctionVersion } from './contract/function-version.ts';
import type { ServeHostCall } from './contract/host-call.ts';
import type { Invoker } from './contract/invoker.ts';
import type { Observer } from './contract/observer.ts';
import type { TakeTrace, Tracer } from './contract/tracer.ts';
import { openDataDirectory } from './data-directory.ts';
import { deferred } from './deferred.ts';
import { mostDescriptors } from './descriptors.ts';
import { createEventParts } from './event-parts.ts';
import { type Credential, createApps, type GatewayDeps, openListeners } from './gateway/index.ts';
import { toTraceId } from './gateway/trace-id.ts';
import { DeferredIdentities } from './identity/index.ts';
import { createLogGrant, type LogGrant } from './identity/log-grant.ts';
import { keepUsage } from './keep-usage.ts';
import type { Pool } from './pool/index.ts';
import { keepRecentUse } from './recent-use.ts';
import { FunctionRegistry } from './registry/index.ts';
import { IMAGE_VERSION } from './snapshot/image-version.ts';
import { FileBlobStore, SqliteRegistryStore, SqliteResourceStore, SqliteUsageStore } from './store/index.ts';
import type { FunctionLog, MetricValues, UsageMeter } from './telemetry/index.ts';
import { REWRITER_VERSION } from './wasm/rewriter-version.ts';

export interface ServiceDeps {
  readonly config: Config;
  readonly dataDir: string;
  readonly pool: Pool;
  readonly observer: Observer;
  readonly usage: UsageMeter;
  readonly lines: FunctionLog;
  readonly invoke: Invoker;
  /** Absent where nothing is traced. */
  readonly tracer?: Tracer | undefined;
  /** Limits how much of a function runs at a time; undefined lifts that. */
  readonly reserve: (functionArn: string, count: number | undefined) => void;
  /** Why an invocation of a function would be refused now. */
  readonly refusal: GatewayDeps['refusal'];
  readonly metrics: GatewayDeps['metrics'];
  /** The same as values, for a process that adds them up. */
  readonly metricValues: () => Promise<MetricValues>;
}

/** A function as a greeting names it. */
export interface DeployedFunction {
  readonly name: string;
  readonly hasUrl: boolean;
}

/** What faces the network and the disk: the gateway, the registry behind it, and the data directory. */
export interface Service {
  /** What a thread needs to run a version. */
  readonly load: (version: FunctionVersion) => Promise<LoadedArtifact>;
  /** What guests may ask for. */
  readonly hostCalls: ServeHostCall;
  readonly mayLog: LogGrant;
  /** Base URL of the API, without a trailing slash. */
  readonly url: string;
  /** Base URL of function URLs, without a trailing slash. */
  readonly publicUrl: string;
  readonly credentialsFile: string;
  /** Asynchronous events that wait or run, and the age of the oldest in milliseconds. */
  readonly asyncEvents: { readonly size: number; readonly age: number };
  /** The first functions of the configured account and region, by name. */
  functions(limit: number): Promise<readonly DeployedFunction[]>;
  /** Stops accepting; resolves when what was accepted is answered. */
  drain(): Promise<void>;
  /** Closes the data directory. */
  close(): Promise<void>;
}

/** When functions that nobody has asked for yet are read, in milliseconds after the start: the first answer goes first. */
const OPENING_MS = 1_000;

/**
 * Opens the ports first, so that one that is taken leaves nothing behind on disk, and answers what comes in as soon as the
 * data directory is open. What is opened here is closed again when it throws. `keeper` is there in the one of several processes
 * that has the data directory, and stands for the others.
 */
export async function openService(
  { config, dataDir, pool, observer, ...deps }: ServiceDeps,
  keeper?: Keeper,
): Promise<Service> {
  const since = Date.now();
  const closers = new Closers();
  const close = (): Promise<void> => closers.close();
  try {
    const fixed = config.routes === undefined ? [] : (await import('./wiring/read-routes.ts')).readRoutes(config);
    const connections = Math.min(config.connections, Math.floor(mostDescriptors() / 2));
    const listeners = await openListeners({ ...config, connections });
    closers.add(() => listeners.cut());
    const data = await openDataDirectory(dataDir, config);
    closers.add(() => data.close());

    const usage = keepUsage(deps.usage, new SqliteUsageStore(data.storage), Date.now);
    closers.add(() => deps.usage.close());
    const { accountId } = config;
    const resources = new SqliteResourceStore(data.storage);
    const identities = new DeferredIdentities({
      ...{ store: resources, accountId, cipher: data.cipher, clock: Date.now },
      changed: () => keeper?.changedEverything(),
    });
    const registry = new FunctionRegistry({
      ...{ resources, observer, judge: identities, clock: Date.now, draw: Math.random },
      store: new SqliteRegistryStore(data.storage, data.cipher),
      blobs: new FileBlobStore(data.blobs),
      build: (module, options) => pool.build(module, options),
      rewriterVersion: `${REWRITER_VERSION} ${IMAGE_VERSION}`,
      provisioner: {
        provision: (version, count) => pool.provision(version, count),
        provisioned: (revision) => pool.provisioned(revision),
        mostProvisioned: Math.floor(config.isolates / 2),
      },
      limiter: {
        accountLimit: config.concurrency,
        reserve(functionArn, count) {
          deps.reserve(functionArn, count);
          keeper?.changedEverything();
        },
      },
      explainUnreadable: deferred(async () => {
        const { createExplainUnreadable } = await import('./wiring/explain-unreadable.ts');
        return createExplainUnreadable({ authorizer: identities, queues: parts.queues.get, config });
      }),
      findForbidden: deferred(async () => {
        const { createFindForbidden } = await import('./wiring/find-forbidden.ts');
        const { queues, topics, buses } = parts;
        const opened = { queues: queues.get, topics: topics.get, buses: buses.get };
        return createFindForbidden({ authorizer: identities, registry, ...opened });
      }),
      functionUrl: (urlId, region) => `http://${urlId}.lambda-url.${region}.localhost:${listeners.urlPort}/`,
    });
    registry.onChange(({ image }) => {
      pool.forget(image);
      keeper?.forget(image);
    });
    registry.onTouched(({ name }) => keeper?.changedFunction(name));
    closers.add(() => registry.close());
    const recentUse = keepRecentUse(dataDir, registry, pool);
    closers.add(() => recentUse.close());
    const takeTrace: TakeTrace = deps.tracer?.take ?? ((header) => toTraceId(header, Date.now()));
    const parts = createEventParts({
      ...{ config, dataDir, data, resources, identities, registry, observer, takeTrace, fixed, since },
      ...{ invoke: deps.invoke, lines: deps.lines },
    });
    closers.add(() => parts.close());
    let opening: Promise<void> | undefined;
    const open = setTimeout(() => {
      opening = registry
        .open()
        .then(() => Promise.all([parts.open(), recentUse.prepare()]))
        .then(() => undefined)
        .catch((error: Error) => observer.noticed('error', `Opening the registry failed: ${error.message}`));
    }, OPENING_MS).unref();
    const stopOpening = async (): Promise<void> => {
      clearTimeout(open);
      await opening;
    };
    closers.add(stopOpening);

    let ready = true;
    const root: Credential = { ...data.rootKey, principal: { kind: 'root', accountId } };
    const mayLog = createLogGrant(identities);
    const { asyncInvocations, queues, topics, buses, buckets, apis, logs, keepLines } = parts;
    const { enqueue } = asyncInvocations;
    const guestCalls = deferred(async () => {
      const { createGuestCalls } = await import('./wiring/guest-calls.ts');
      const { storage } = data;
      return createGuestCalls({
        ...{ registry, observer, enqueue, storage, authorizer: identities, invoke: deps.invoke },
        ...{ queues: queues.get, buckets: buckets.get },
      });
    });
    const hostCalls = deps.tracer?.hostCalls(guestCalls) ?? guestCalls;
    const apps = createApps({
      ...{ config, registry, observer, enqueue, ...deps },
      metrics: keeper ? () => keeper.metrics(deps.metricValues) : deps.metrics,
      publicPort: listeners.publicPort,
      operations: async () => {
        const { createOperations } = await import('./gateway/lambda-api/operations.ts');
        const { openObjectSource } = await import('./wiring/open-object-source.ts');
        const objects = openObjectSource(config, buckets.get);
        return createOperations(registry, enqueue, { ...config, read: usage.read }, objects);
      },
      credentials: (keyId) => (keyId === data.rootKey.accessKeyId ? root : identities.credential(keyId)),
      authorizer: identities,
      identities: () => identities.get(),
      queues: queues.get,
      ...{ apis: apis.get, logs: logs.get, topics: topics.get, buckets: buckets.get, buses: buses.get },
      urlPort: listeners.urlPort,
      ready: () => ready,
      clock: Date.now,
    });
    if (keeper) {
      closers.add(() => keeper.close());
      const { rootKey } = data;
      await keeper.open({ apps, registry, hostCalls, mayLog, rootKey, usage, keepLines });
    }
    listeners.serve(apps);
    return {
      ...{
        hostCalls,
        mayLog,
        close,
        url: listeners.url,
        publicUrl: listeners.publicUrl,
        asyncEvents: asyncInvocations,
      },
      load: (version) => registry.load(version),
      credentialsFile: data.credentialsFile,
      functions: (limit) => registry.names(config, limit),
      async drain() {
        ready = false;
        const left = [listeners.close(), recentUse.close(), keeper?.left()];
        await stopOpening();
        await Promise.all([parts.drain(), ...left]);
        await deps.lines.settled();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
