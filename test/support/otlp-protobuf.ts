/** A field of a message: its number, and its bytes or its number. */
type Field = readonly [number: number, value: Buffer | bigint];

/** How a field of a message is read, and what it is called in OTLP's JSON. */
type Reader = (value: Buffer | bigint) => unknown;
type Shape = Readonly<Record<number, readonly [name: string, read: Reader, repeated?: 'list']>>;

const text: Reader = (value) => value.toString();
const hex: Reader = (value) => (value as Buffer).toString('hex');
const number: Reader = (value) => Number(value);
const decimal: Reader = (value) => String(BigInt.asIntN(64, value as bigint));
const double: Reader = (value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value as bigint);
  return bytes.readDoubleLE();
};
const message =
  (shape: Shape): Reader =>
  (value) =>
    read(value as Buffer, shape);

const VALUE: Shape = {
  1: ['stringValue', text],
  2: ['boolValue', (value) => value === 1n],
  3: ['intValue', decimal],
  4: ['doubleValue', double],
};
const ATTRIBUTE: Shape = { 1: ['key', text], 2: ['value', message(VALUE)] };
const LINK: Shape = {
  1: ['traceId', hex],
  2: ['spanId', hex],
  3: ['traceState', text],
  5: ['droppedAttributesCount', number],
  6: ['flags', number],
};
const SPAN: Shape = {
  1: ['traceId', hex],
  2: ['spanId', hex],
  3: ['traceState', text],
  4: ['parentSpanId', hex],
  5: ['name', text],
  6: ['kind', number],
  7: ['startTimeUnixNano', decimal],
  8: ['endTimeUnixNano', decimal],
  9: ['attributes', message(ATTRIBUTE), 'list'],
  10: ['droppedAttributesCount', number],
  12: ['droppedEventsCount', number],
  13: ['links', message(LINK), 'list'],
  14: ['droppedLinksCount', number],
  15: ['status', message({ 2: ['message', text], 3: ['code', number] })],
  16: ['flags', number],
};
const SCOPE_SPANS: Shape = {
  1: ['scope', message({ 1: ['name', text], 2: ['version', text] })],
  2: ['spans', message(SPAN), 'list'],
  3: ['schemaUrl', text],
};
const RESOURCE_SPANS: Shape = {
  1: ['resource', message({ 1: ['attributes', message(ATTRIBUTE), 'list'], 2: ['droppedAttributesCount', number] })],
  2: ['scopeSpans', message(SCOPE_SPANS), 'list'],
  3: ['schemaUrl', text],
};

/** An ExportTraceServiceRequest as OTLP's JSON has it. Throws for a field that it does not know. */
export function fromOtlpProtobuf(bytes: Buffer): unknown {
  return read(bytes, { 1: ['resourceSpans', message(RESOURCE_SPANS), 'list'] });
}

function read(bytes: Buffer, shape: Shape): unknown {
  const into: Record<string, unknown> = {};
  for (const [field, value] of fields(bytes)) {
    const [name, reader, repeated] = shape[field] ?? [];
    if (name === undefined || reader === undefined) throw new Error(`There is no field ${field}.`);
    if (repeated) into[name] = [...((into[name] as unknown[] | undefined) ?? []), reader(value)];
    else into[name] = reader(value);
  }
  return into;
}

function* fields(bytes: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const field = tag >> 3;
    switch (tag & 7) {
      case 0:
        yield [field, varint()];
        break;
      case 1:
        yield [field, bytes.readBigUInt64LE(at)];
        at += 8;
        break;
      case 2: {
        const length = Number(varint());
        if (at + length > bytes.length) throw new Error(`The field ${field} is longer than its message.`);
        yield [field, bytes.subarray(at, at + length)];
        at += length;
        break;
      }
      case 5:
        yield [field, BigInt(bytes.readUInt32LE(at))];
        at += 4;
        break;
      default:
        throw new Error(`There is no type ${tag & 7}.`);
    }
  }
}
