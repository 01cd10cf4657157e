import type { TraceContext } from '../../contract/trace-context.ts';
import { type Attributes, SPAN_KINDS, type Span } from './span.ts';

/** Who speaks. */
export const SCOPE_NAME = 'isola';
/** Bits of a span's flags: W3C's own, then whether it is known where the parent is, and that it is elsewhere. */
const SAMPLED = 0x01;
const PARENT_KNOWN = 0x100;
const PARENT_REMOTE = 0x200;
const ERROR = { code: 2 };
const FINE = {};

/** The values of OTLP's JSON: 64-bit numbers are texts. Source: opentelemetry-proto 1, common/v1 and trace/v1. */
type OtlpValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number };

interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

/** An ExportTraceServiceRequest in OTLP's JSON, of one resource and one scope. */
export function toOtlpJson(resource: Attributes, spans: readonly Span[]): string {
  const scopeSpans = [{ scope: { name: SCOPE_NAME }, spans: spans.map(toOtlpSpan) }];
  return JSON.stringify({ resourceSpans: [{ resource: { attributes: toAttributes(resource) }, scopeSpans }] });
}

export function toFlags({ isParentRemote }: Span): number {
  return SAMPLED | PARENT_KNOWN | (isParentRemote === true ? PARENT_REMOTE : 0);
}

export function toLinkFlags({ isSampled }: TraceContext): number {
  return isSampled === true ? SAMPLED : 0;
}

/** A number has not digits enough for nanoseconds since 1970. */
export function toMicroseconds(ms: number): number {
  return Math.round(ms * 1_000);
}

/** Members that are undefined are not written. */
function toOtlpSpan(span: Span): unknown {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    traceState: span.traceState,
    parentSpanId: span.parentId,
    name: span.name,
    kind: SPAN_KINDS[span.kind],
    startTimeUnixNano: `${toMicroseconds(span.from)}000`,
    endTimeUnixNano: `${toMicroseconds(Math.max(span.from, span.to))}000`,
    attributes: toAttributes(span.attributes),
    links: span.links?.flatMap(toLink),
    status: span.isError ? ERROR : FINE,
    flags: toFlags(span),
  };
}

function toLink(link: TraceContext): unknown[] {
  const { traceId, spanId } = link;
  return spanId === undefined ? [] : [{ traceId, spanId, flags: toLinkFlags(link) }];
}

function toAttributes(attributes: Attributes): OtlpAttribute[] {
  const list: OtlpAttribute[] = [];
  for (const key in attributes) list.push({ key, value: toValue(attributes[key] as Attributes[string]) });
  return list;
}

function toValue(value: Attributes[string]): OtlpValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
