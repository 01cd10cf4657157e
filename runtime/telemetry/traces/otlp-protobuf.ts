import { SCOPE_NAME, toFlags, toLinkFlags, toMicroseconds } from './otlp-json.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { type Attributes, SPAN_KINDS, type Span } from './span.ts';

/** STATUS_CODE_ERROR. */
const ERROR = 2;

/**
 * An ExportTraceServiceRequest in protobuf, of one resource and one scope. The numbers are those of opentelemetry-proto 1:
 * collector/trace/v1, trace/v1, resource/v1, common/v1.
 */
export function toProtobuf(resource: Attributes, spans: readonly Span[]): Uint8Array {
  const writer = new ProtobufWriter();
  const resourceSpans = writer.begin(1);
  const ofResource = writer.begin(1);
  writeAttributes(writer, 1, resource);
  writer.end(ofResource);
  const scopeSpans = writer.begin(2);
  const scope = writer.begin(1);
  writer.text(1, SCOPE_NAME);
  writer.end(scope);
  for (const span of spans) writeSpan(writer, span);
  writer.end(scopeSpans);
  writer.end(resourceSpans);
  return writer.finish();
}

function writeSpan(writer: ProtobufWriter, span: Span): void {
  const { parentId, traceState } = span;
  const message = writer.begin(2);
  writer.hex(1, span.traceId);
  writer.hex(2, span.spanId);
  if (traceState !== undefined) writer.text(3, traceState);
  if (parentId !== undefined) writer.hex(4, parentId);
  writer.text(5, span.name);
  writer.varint(6, SPAN_KINDS[span.kind]);
  writer.fixed64(7, toNanoseconds(span.from));
  writer.fixed64(8, toNanoseconds(Math.max(span.from, span.to)));
  writeAttributes(writer, 9, span.attributes);
  for (const link of span.links ?? []) {
    if (link.spanId === undefined) continue;
    const ofLink = writer.begin(13);
    writer.hex(1, link.traceId);
    writer.hex(2, link.spanId);
    writer.fixed32(6, toLinkFlags(link));
    writer.end(ofLink);
  }
  if (span.isError) {
    const status = writer.begin(15);
    writer.varint(3, ERROR);
    writer.end(status);
  }
  writer.fixed32(16, toFlags(span));
  writer.end(message);
}

function writeAttributes(writer: ProtobufWriter, field: number, attributes: Attributes): void {
  for (const key in attributes) {
    const value = attributes[key] as Attributes[string];
    const attribute = writer.begin(field);
    writer.text(1, key);
    const of = writer.begin(2);
    if (typeof value === 'string') writer.text(1, value);
    else if (typeof value === 'boolean') writer.varint(2, value ? 1 : 0);
    else if (Number.isSafeInteger(value)) writer.varint(3, value);
    else writer.double(4, value);
    writer.end(of);
    writer.end(attribute);
  }
}

function toNanoseconds(ms: number): bigint {
  return BigInt(toMicroseconds(ms)) * 1_000n;
}
