import type { OtlpAttribute, OtlpLink, OtlpMessage, OtlpSpan, OtlpValue } from './otlp-message.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** The message in protobuf. The numbers are those of opentelemetry-proto 1: collector/trace/v1, trace/v1, resource/v1, common/v1. */
export function toProtobuf({ resourceSpans: [{ resource, scopeSpans }] }: OtlpMessage): Uint8Array {
  const writer = new ProtobufWriter();
  writer.message(1, () => {
    writer.message(1, () => writeAttributes(writer, 1, resource.attributes));
    for (const { scope, spans } of scopeSpans) {
      writer.message(2, () => {
        writer.message(1, () => writer.text(1, scope.name));
        for (const span of spans) writer.message(2, () => writeSpan(writer, span));
      });
    }
  });
  return writer.finish();
}

function writeSpan(writer: ProtobufWriter, span: OtlpSpan): void {
  writer.hex(1, span.traceId);
  writer.hex(2, span.spanId);
  if (span.traceState !== undefined) writer.text(3, span.traceState);
  if (span.parentSpanId !== undefined) writer.hex(4, span.parentSpanId);
  writer.text(5, span.name);
  writer.varint(6, span.kind);
  writer.fixed64(7, BigInt(span.startTimeUnixNano));
  writer.fixed64(8, BigInt(span.endTimeUnixNano));
  writeAttributes(writer, 9, span.attributes);
  for (const link of span.links) writer.message(13, () => writeLink(writer, link));
  const { code } = span.status;
  writer.message(15, () => {
    if (code !== undefined) writer.varint(3, code);
  });
  writer.fixed32(16, span.flags);
}

function writeLink(writer: ProtobufWriter, { traceId, spanId, flags }: OtlpLink): void {
  writer.hex(1, traceId);
  writer.hex(2, spanId);
  writer.fixed32(6, flags);
}

function writeAttributes(writer: ProtobufWriter, field: number, attributes: readonly OtlpAttribute[]): void {
  for (const { key, value } of attributes) {
    writer.message(field, () => {
      writer.text(1, key);
      writer.message(2, () => writeValue(writer, value));
    });
  }
}

function writeValue(writer: ProtobufWriter, value: OtlpValue): void {
  if ('stringValue' in value) writer.text(1, value.stringValue);
  else if ('boolValue' in value) writer.varint(2, value.boolValue ? 1 : 0);
  else if ('intValue' in value) writer.varint(3, Number(value.intValue));
  else writer.double(4, value.doubleValue);
}
