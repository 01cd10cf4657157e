import { describe, expect, it } from 'vitest';
import { ConfigError } from '../runtime/config-error.ts';
import { parseTracesConfig } from '../runtime/traces-config.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

describe("OpenTelemetry's environment variables", () => {
  it.each([
    ['without an endpoint', { OTEL_SERVICE_NAME: 'x' }],
    ['when they switch it off', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }],
    ['when they name no exporter', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
  ])('trace nothing %s', (_when, env) => {
    expect(parseTracesConfig(env)).toBeUndefined();
  });

  it("have the specification's defaults", () => {
    expect(parseTracesConfig(ENDPOINT)).toEqual({
      ...{ url: 'http://127.0.0.1:4318/v1/traces', protocol: 'http/protobuf', headers: {}, compression: 'none' },
      ...{ timeoutMs: 10_000, resource: { 'service.name': 'isola' }, sampler: { isParentBased: true, ratio: 1 } },
      ...{ delayMs: 5_000, exportTimeoutMs: 30_000, mostSpans: 2_048, batchSpans: 512 },
    });
    expect(parseTracesConfig({ OTEL_TRACES_EXPORTER: 'otlp' })?.url).toBe('http://localhost:4318/v1/traces');
  });

  it('say more of traces than of all signals', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/base/',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc=,x-tenant = a ',
      OTEL_EXPORTER_OTLP_TIMEOUT: '5',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '7',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,deployment.environment.name=a%2Cb',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
      OTEL_BSP_MAX_QUEUE_SIZE: '100',
    };
    expect(parseTracesConfig(env)).toMatchObject({
      url: 'https://collector/base/v1/traces',
      protocol: 'http/json',
      headers: { authorization: 'Basic abc=', 'x-tenant': 'a' },
      timeoutMs: 7,
      resource: { 'service.name': 'other', 'deployment.environment.name': 'a,b' },
      sampler: { isParentBased: true, ratio: 0.25 },
      mostSpans: 100,
      batchSpans: 100,
    });
    const own = { ...env, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://tempo:4318/x', OTEL_SERVICE_NAME: 'edge' };
    expect(parseTracesConfig(own)).toMatchObject({
      url: 'http://tempo:4318/x',
      resource: { 'service.name': 'edge' },
    });
  });

  it.each([
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'unix:///socket' },
    { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    { ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'secret' },
    { ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-key=secret%0A' },
    { ...ENDPOINT, OTEL_RESOURCE_ATTRIBUTES: 'a=%zz' },
    { ...ENDPOINT, OTEL_TRACES_SAMPLER: 'jaeger_remote' },
    { ...ENDPOINT, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '2' },
    { ...ENDPOINT, OTEL_BSP_MAX_QUEUE_SIZE: '-1' },
    { ...ENDPOINT, OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' },
    { OTEL_TRACES_EXPORTER: 'zipkin' },
  ])('are refused by name where they cannot be used: %j', (env) => {
    const name = Object.keys(env).at(-1) ?? '';
    expect(() => parseTracesConfig(env)).toThrow(ConfigError);
    expect(() => parseTracesConfig(env)).toThrow(name);
    expect(() => parseTracesConfig(env)).not.toThrow('secret');
  });
});
