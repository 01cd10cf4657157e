import { ConfigError } from './config-error.ts';
import type { Env } from './env-values.ts';

/** Which traces are taken: of those that begin here, and with `parentbased` of those that others have begun. */
export interface SamplerConfig {
  readonly isParentBased: boolean;
  /** How many of those that begin here, from 0 to 1. */
  readonly ratio: number;
}

/**
 * Where spans go, and which. From OpenTelemetry's environment variables for OTLP over HTTP, with the defaults of its
 * specification, but that nothing is sent anywhere unless an endpoint or the exporter is named.
 */
export interface TracesConfig {
  /** OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or `/v1/traces` below OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  /** OTEL_EXPORTER_OTLP[_TRACES]_PROTOCOL. */
  readonly protocol: 'http/protobuf' | 'http/json';
  /** OTEL_EXPORTER_OTLP[_TRACES]_HEADERS. */
  readonly headers: Readonly<Record<string, string>>;
  /** OTEL_EXPORTER_OTLP[_TRACES]_COMPRESSION. */
  readonly compression: 'none' | 'gzip';
  /** OTEL_EXPORTER_OTLP[_TRACES]_TIMEOUT: of one request, in milliseconds. */
  readonly timeoutMs: number;
  /** OTEL_RESOURCE_ATTRIBUTES with OTEL_SERVICE_NAME, `isola` unless one of them says another. */
  readonly resource: Readonly<Record<string, string>>;
  /** OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG. */
  readonly sampler: SamplerConfig;
  /** OTEL_BSP_SCHEDULE_DELAY: how long a span waits for others at most, in milliseconds. */
  readonly delayMs: number;
  /** OTEL_BSP_EXPORT_TIMEOUT: how long a batch is tried to be sent, in milliseconds. */
  readonly exportTimeoutMs: number;
  /** OTEL_BSP_MAX_QUEUE_SIZE: spans that wait at most; more are dropped. */
  readonly mostSpans: number;
  /** OTEL_BSP_MAX_EXPORT_BATCH_SIZE. */
  readonly batchSpans: number;
}

const SAMPLERS: Readonly<Record<string, (ratio: number) => SamplerConfig>> = {
  always_on: () => ({ isParentBased: false, ratio: 1 }),
  always_off: () => ({ isParentBased: false, ratio: 0 }),
  traceidratio: (ratio) => ({ isParentBased: false, ratio }),
  parentbased_always_on: () => ({ isParentBased: true, ratio: 1 }),
  parentbased_always_off: () => ({ isParentBased: true, ratio: 0 }),
  parentbased_traceidratio: (ratio) => ({ isParentBased: true, ratio }),
};

/** Undefined when nothing is to be traced. Throws a ConfigError for what cannot be done. */
export function parseTracesConfig(env: Env): TracesConfig | undefined {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return undefined;
  const exporter = env.OTEL_TRACES_EXPORTER || undefined;
  if (exporter === 'none') return undefined;
  const [own, common] = [env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, env.OTEL_EXPORTER_OTLP_ENDPOINT];
  if (!own && !common && exporter === undefined) return undefined;
  if (exporter !== undefined && exporter !== 'otlp') throw unusable('OTEL_TRACES_EXPORTER', 'otlp or none');
  const mostSpans = natural(env, 'OTEL_BSP_MAX_QUEUE_SIZE', 2_048);
  return {
    url: own ? toUrl('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', own) : below(common || 'http://localhost:4318'),
    protocol: choice(env, 'PROTOCOL', ['http/protobuf', 'http/json']),
    headers: toHeaders(...found(env, 'HEADERS')),
    compression: choice(env, 'COMPRESSION', ['none', 'gzip']),
    timeoutMs: natural(env, found(env, 'TIMEOUT')[0], 10_000),
    resource: toResource(env),
    sampler: toSampler(env),
    delayMs: natural(env, 'OTEL_BSP_SCHEDULE_DELAY', 5_000),
    exportTimeoutMs: natural(env, 'OTEL_BSP_EXPORT_TIMEOUT', 30_000),
    mostSpans,
    batchSpans: Math.min(mostSpans, natural(env, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512)),
  };
}

/** What is said of the exporter: of traces, or else of all signals. */
function found(env: Env, what: string): readonly [name: string, value: string | undefined] {
  const own = `OTEL_EXPORTER_OTLP_TRACES_${what}`;
  const name = env[own] ? own : `OTEL_EXPORTER_OTLP_${what}`;
  return [name, env[name] || undefined];
}

function below(endpoint: string): string {
  const url = new URL(toUrl('OTEL_EXPORTER_OTLP_ENDPOINT', endpoint));
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}

function toUrl(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url.href;
  throw unusable(name, 'an http or https URL, such as http://127.0.0.1:4318');
}

function toResource(env: Env): Readonly<Record<string, string>> {
  const given = parsePairs('OTEL_RESOURCE_ATTRIBUTES', env.OTEL_RESOURCE_ATTRIBUTES);
  return { ...given, 'service.name': env.OTEL_SERVICE_NAME || given['service.name'] || 'isola' };
}

function toSampler(env: Env): SamplerConfig {
  const name = env.OTEL_TRACES_SAMPLER || 'parentbased_always_on';
  const sampler = Object.hasOwn(SAMPLERS, name) ? SAMPLERS[name] : undefined;
  if (!sampler) throw unusable('OTEL_TRACES_SAMPLER', `one of ${Object.keys(SAMPLERS).join(', ')}`);
  const ratio = Number(env.OTEL_TRACES_SAMPLER_ARG || '1');
  if (name.endsWith('ratio') && !(ratio >= 0 && ratio <= 1)) {
    throw unusable('OTEL_TRACES_SAMPLER_ARG', 'a number from 0 to 1');
  }
  return sampler(ratio);
}

function toHeaders(name: string, text: string | undefined): Readonly<Record<string, string>> {
  const headers = parsePairs(name, text);
  const isSound = ([header, value]: [string, string]): boolean =>
    /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
  if (!Object.entries(headers).every(isSound)) throw unusable(name, 'a list of names and values that headers can have');
  return headers;
}

/** `name=value,name=value`, values percent-encoded. */
function parsePairs(name: string, text: string | undefined): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (const pair of text?.split(',') ?? []) {
    if (pair.trim() === '') continue;
    const equals = pair.indexOf('=');
    try {
      if (equals < 1) throw new URIError();
      pairs[pair.slice(0, equals).trim()] = decodeURIComponent(pair.slice(equals + 1).trim());
    } catch {
      throw unusable(name, 'a list such as name=value,name=value, with values percent-encoded');
    }
  }
  return pairs;
}

function choice<T extends string>(env: Env, what: string, choices: readonly [T, ...T[]]): T {
  const [name, value = choices[0]] = found(env, what);
  const chosen = choices.find((each) => each === value);
  if (chosen === undefined) throw unusable(name, `one of ${choices.join(', ')}`);
  return chosen;
}

function natural(env: Env, name: string, fallback: number): number {
  const value = env[name];
  if (!value) return fallback;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number < 2 ** 31) return number;
  throw unusable(name, 'a whole number above 0');
}

/** Values are not shown: headers hold keys. */
function unusable(name: string, what: string): ConfigError {
  return new ConfigError(`${name} is not usable: it must be ${what}.`);
}
