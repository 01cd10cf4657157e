import type { TraceContext } from '../../contract/trace-context.ts';
import { type Attributes, SPAN_KINDS, type Span } from './span.ts';

/** Who speaks, as the message has it. */
const SCOPE = { name: 'isola' };
/** Bits of a span's flags: W3C's own, then whether it is known where the parent is, and that it is elsewhere. */
const SAMPLED = 0x01;
const PARENT_KNOWN = 0x100;
const PARENT_REMOTE = 0x200;
const ERROR = 2;

/** The values of OTLP's JSON: 64-bit numbers are texts. Source: opentelemetry-proto 1, common/v1 and trace/v1. */
export type OtlpValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number };

export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

export interface OtlpLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: number;
}

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState?: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly links: readonly OtlpLink[];
  readonly status: { readonly code?: number };
  readonly flags: number;
}

/** ExportTraceServiceRequest of one resource and one scope. */
export interface OtlpMessage {
  readonly resourceSpans: readonly [
    {
      readonly resource: { readonly attributes: readonly OtlpAttribute[] };
      readonly scopeSpans: readonly [
        { readonly scope: { readonly name: string }; readonly spans: readonly OtlpSpan[] },
      ];
    },
  ];
}

export function toOtlpMessage(resource: Attributes, spans: readonly Span[]): OtlpMessage {
  const scopeSpans = [{ scope: SCOPE, spans: spans.map(toOtlpSpan) }] as const;
  return { resourceSpans: [{ resource: { attributes: toAttributes(resource) }, scopeSpans }] };
}

function toOtlpSpan(span: Span): OtlpSpan {
  const { traceId, spanId, parentId, traceState, name, links = [] } = span;
  const remote = span.isParentRemote ? PARENT_REMOTE : 0;
  return {
    ...{ traceId, spanId, name, kind: SPAN_KINDS[span.kind] },
    ...(traceState === undefined ? {} : { traceState }),
    ...(parentId === undefined ? {} : { parentSpanId: parentId }),
    startTimeUnixNano: toNanoseconds(span.from),
    endTimeUnixNano: toNanoseconds(Math.max(span.from, span.to)),
    attributes: toAttributes(span.attributes),
    links: links.flatMap(toLink),
    status: span.isError ? { code: ERROR } : {},
    flags: SAMPLED | PARENT_KNOWN | remote,
  };
}

function toLink({ traceId, spanId, isSampled }: TraceContext): OtlpLink[] {
  return spanId === undefined ? [] : [{ traceId, spanId, flags: isSampled === true ? SAMPLED : 0 }];
}

function toAttributes(attributes: Attributes): OtlpAttribute[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: toValue(value) }));
}

function toValue(value: string | number | boolean): OtlpValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** A number has not digits enough for nanoseconds since 1970: the milliseconds and what is behind them are put together as text. */
function toNanoseconds(ms: number): string {
  const micros = Math.round(ms * 1_000);
  return `${micros}000`;
}
