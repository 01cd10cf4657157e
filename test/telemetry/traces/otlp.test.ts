import { describe, expect, it } from 'vitest';
import { toOtlpJson } from '../../../runtime/telemetry/traces/otlp-json.ts';
import { toProtobuf } from '../../../runtime/telemetry/traces/otlp-protobuf.ts';
import type { Span } from '../../../runtime/telemetry/traces/span.ts';
import { toSpans } from '../../support/collector.ts';
import { fromOtlpProtobuf } from '../../support/otlp-protobuf.ts';

const TRACE = '5759e988bd862e3fe1be46a994272793';
const RESOURCE = { 'service.name': 'größe', 'process.pid': 7 };
const ATTRIBUTES = { whole: 300, negative: -3, large: 2 ** 40, text: '🚀', yes: true, no: false, half: 0.5 };
const AT = 1_700_000_000_000;

const SPANS: readonly Span[] = [
  {
    ...{ traceId: TRACE, spanId: '53995c3f42cd8ad8', parentId: '0123456789abcdef', isParentRemote: true },
    ...{ traceState: 'vendor=1', name: 'POST /path', kind: 'server', isError: true },
    ...{ from: AT + 123.456, to: AT + 1_000.005, attributes: ATTRIBUTES },
  },
  {
    ...{ traceId: TRACE, spanId: '1111111111111111', parentId: '53995c3f42cd8ad8', name: 'echo', kind: 'consumer' },
    ...{ from: AT + 200, to: AT + 200, attributes: {} },
    links: [{ traceId: TRACE, spanId: '2222222222222222', isSampled: true }, { traceId: TRACE }],
  },
  {
    ...{ traceId: TRACE, spanId: '3333333333333333', name: 'run', kind: 'internal' },
    ...{ from: AT, to: AT + 2_000, attributes: {} },
  },
];

/** The same spans as ProtobufTraceSerializer of npm's @opentelemetry/otlp-transformer 0.223.1 writes them. */
const THEIRS = Buffer.from(
  [
    'CtADCjAKGQoMc2VydmljZS5uYW1lEgkKB2dyw7bDn2UKEQoLcHJvY2Vzcy5waWQSAhgHEAASmwMKBwoFaXNvbGES0QEKEFdZ6Yi9',
    'hi4/4b5GqZQnJ5MSCFOZXD9CzYrYGgh2ZW5kb3I9MSIIASNFZ4mrze8qClBPU1QgL3BhdGgwAjkAyoU9/pyXF0GI3cRx/pyXF0oM',
    'CgV3aG9sZRIDGKwCShcKCG5lZ2F0aXZlEgsY/f//////////AUoQCgVsYXJnZRIHGICAgICAIEoOCgR0ZXh0EgYKBPCfmoBKCQoD',
    'eWVzEgIQAUoICgJubxICEABKEQoEaGFsZhIJIQAAAAAAAOA/UABgAHAAegIYAoUBAQMAABJ1ChBXWemIvYYuP+G+RqmUJyeTEggR',
    'ERERERERESIIU5lcP0LNitgqBGVjaG8wBTkAwhVC/pyXF0EAwhVC/pyXF1AAYABqIwoQV1npiL2GLj/hvkaplCcnkxIIIiIiIiIi',
    'IiIoADUBAQAAcAB6AhgAhQEBAQAAEkUKEFdZ6Yi9hi4/4b5GqZQnJ5MSCDMzMzMzMzMzKgNydW4wATkAACo2/pyXF0EAlF+t/pyX',
    'F1AAYABwAHoCGACFAQEBAAA=',
  ].join(''),
  'base64',
);

describe('OTLP', () => {
  const theirs = toSpans(fromOtlpProtobuf(THEIRS));

  it("says in protobuf what OpenTelemetry's own serialiser says", () => {
    expect(theirs).toHaveLength(3);
    expect(toSpans(fromOtlpProtobuf(Buffer.from(toProtobuf(RESOURCE, SPANS))))).toEqual(theirs);
  });

  it('says the same in JSON', () => {
    expect(toSpans(JSON.parse(toOtlpJson(RESOURCE, SPANS)))).toEqual(theirs);
  });

  it('grows with what is to be said', () => {
    const name = 'n'.repeat(100_000);
    const many = Array.from({ length: 20 }, (): Span => ({ ...(SPANS[2] as Span), name }));
    const read = toSpans(fromOtlpProtobuf(Buffer.from(toProtobuf(RESOURCE, many))));
    expect(read.filter((span) => span.name === name)).toHaveLength(many.length);
  });

  it('ends no span before it began', () => {
    const [span] = toSpans(JSON.parse(toOtlpJson(RESOURCE, [{ ...(SPANS[2] as Span), to: AT - 5 }])));
    expect(span?.to).toBe(span?.from);
  });
});
