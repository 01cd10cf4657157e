import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Config, parseConfig } from './config.ts';
import { MIB } from './contract/limits.ts';
import type { Observer } from './contract/observer.ts';
import { Admission, createObserved, createRunnable } from './dispatch/index.ts';
import { Pool } from './pool/index.ts';
import type { DeployedFunction, Service, ServiceDeps } from './service.ts';
import { createTelemetry, type LogSink } from './telemetry/index.ts';
import type { Traces } from './telemetry/traces/index.ts';
import type { TracesConfig } from './traces-config.ts';

/** A process that serves. */
export interface Running {
  /** Base URL of the Lambda API, without a trailing slash. */
  readonly url: string;
  /** Base URL of function URLs, without a trailing slash. */
  readonly publicUrl: string;
  readonly config: Config;
  readonly dataDir: string;
  readonly credentialsFile: string;
  /** The first functions of the configured account and region, by name. */
  functions(limit: number): Promise<readonly DeployedFunction[]>;
  /** Finishes what was let in, refuses the rest, and ends. */
  stop(): Promise<void>;
}

/**
 * Starts Isola, in this process or, if ISOLA_PROCESSES says so, in several.
 * Throws a ConfigError for a setting that cannot be used, and what the system says when the port is taken.
 */
export async function startIsola(env: Readonly<Record<string, string | undefined>> = process.env): Promise<Running> {
  const config = parseConfig(env, { cores: availableParallelism() });
  if (config.processes === 1) return startProcess(config);
  if (config.routes !== undefined) (await import('./wiring/read-routes.ts')).readRoutes(config);
  const { startProcesses } = await import('./cluster/supervisor.ts');
  return startProcesses(config);
}

/** What is different in a process that is one of several. */
export interface Member {
  /** How much of an account's concurrency is this process's part. */
  readonly share?: (count: number) => number;
  /** Opens what faces the network and the disk. */
  readonly open: (deps: ServiceDeps) => Promise<Service>;
}

const ALONE: Member = { open: async (deps) => (await import('./service.ts')).openService(deps) };

/**
 * One process: HTTP request -> gateway -> observed -> admission -> runnable -> pool -> isolate, and the way back. The first
 * thread starts before the rest of the house is loaded, because starting it takes longest.
 */
export async function startProcess(config: Config, member: Member = ALONE): Promise<Running> {
  const dataDir = resolve(config.dataDir);
  const telemetry = createTelemetry({
    config,
    sink: openStandardOutput(),
    live: {
      liveIsolates: () => pool.statistics.liveIsolates,
      liveThreads: () => pool.statistics.threads,
      concurrentExecutions: () => admission.running,
      queued: () => admission.queued,
      asyncEvents: () => opened.service?.asyncEvents ?? { size: 0, age: 0 },
      ...(config.traces ? { spans: () => opened.traces?.counts ?? NO_SPANS } : {}),
    },
    mayLog: ({ target }) => opened.service?.mayLog(target) ?? false,
    clock: Date.now,
  });
  const { observer } = telemetry;
  const opened: { service?: Service; traces?: Traces } = {};
  /** As many as the machine runs at a time. */
  const untold = Math.min(config.threads, availableParallelism());
  const pool = new Pool({
    threads: config.threads,
    mostParked: config.waiting,
    mostAside: untold,
    turns: {
      grown: () => admission.refill(),
      isSlow: (invocation) => admission.isSlow(invocation),
      ranLong: (invocation) => admission.ranLong(invocation),
      settled: (invocation) => admission.settled(invocation),
    },
    hostCalls: (call) => (opened.service as Service).hostCalls(call),
    snapshot: config.snapshot,
    cpu: config.cpu,
    mostMemories: config.isolates,
    cacheBytes: config.cacheMb * MIB,
    observer,
    load: (version) => (opened.service as Service).load(version),
  });
  const admission = new Admission(
    {
      capacity: () => pool.capacity,
      lookUp: () => pool.lookUp(),
      slow: { capacity: config.waiting + untold, untold },
      queuePerFunction: config.queuePerFunction,
      accountConcurrency: config.concurrency,
      share: member.share,
    },
    createRunnable(pool.invoke),
  );
  const end = async (): Promise<void> => {
    await pool.close();
    await opened.service?.close();
    await opened.traces?.close();
    await telemetry.close();
  };
  try {
    const traces = config.traces && (await openTraces(config.traces, observer));
    if (traces) opened.traces = traces;
    const invoke = createObserved(observer, admission.invoke);
    const service = await member.open({
      ...{ config, dataDir, pool, observer, tracer: traces, usage: telemetry.usage, lines: telemetry.lines },
      invoke: traces?.invoker(invoke) ?? invoke,
      reserve: (functionArn, count) => admission.reserve(functionArn, count),
      refusal: (functionArn) => admission.refusal(functionArn),
      metrics: telemetry.metrics,
      metricValues: telemetry.metricValues,
    });
    opened.service = service;
    const { url, publicUrl, credentialsFile } = service;
    return {
      ...{ url, publicUrl, config, dataDir, credentialsFile },
      functions: (limit) => service.functions(limit),
      async stop() {
        await Promise.race([service.drain(), setTimeout(config.drainSeconds * 1_000, undefined, { ref: false })]);
        admission.drain();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function openTraces(config: TracesConfig, observer: Observer): Promise<Traces> {
  const { createTraces } = await import('./telemetry/traces/index.ts');
  return createTraces(config, observer);
}

/** A log that nobody takes any more, or that the disk has no room for, is lost; the process is not. */
function openStandardOutput(): LogSink {
  const { stdout } = process;
  return stdout.off('error', ignoreError).on('error', ignoreError);
}

const NO_SPANS = { exported: 0, dropped: 0, failed: 0 };

const ignoreError = (): void => undefined;

/** The same for a process of its own: an interrupt or a termination ends it in order, a second one at once. */
export async function serve(env: Readonly<Record<string, string | undefined>> = process.env): Promise<Running> {
  const running = await startIsola(env);
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    void running.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return running;
}
