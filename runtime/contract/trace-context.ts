/**
 * A place in a trace. X-Ray's header and W3C's traceparent both say it: a `Root` of X-Ray is a trace id of W3C, taken apart.
 * Inside of the house it goes as X-Ray's header, `traceId` of invocations.
 */
export interface TraceContext {
  /** 32 hexadecimal digits in lower case. */
  readonly traceId: string;
  /** 16 of them: the span that comes next is a child of this one. Absent where a trace begins. */
  readonly spanId?: string;
  /** Undefined when nobody has decided yet. */
  readonly isSampled?: boolean;
}

const ROOT = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/;
const SPAN = /^[0-9a-f]{16}$/;
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The form that is written here, and by most others: what it says first is all that is said, with a lineage behind it at most. */
const USUAL = /^Root=1-([0-9a-f]{8})-([0-9a-f]{24});Parent=([0-9a-f]{16});Sampled=([01])(;Lineage=[^;]*)?$/;

/** Reads `Root=1-...;Parent=...;Sampled=1`; undefined when its Root is none of X-Ray's. */
export function parseTraceHeader(header: string): TraceContext | undefined {
  const usual = USUAL.exec(header);
  if (usual) return { traceId: `${usual[1]}${usual[2]}`, spanId: usual[3] as string, isSampled: usual[4] === '1' };
  const fields = new Map(header.split(';').map((part) => toField(part)));
  const root = ROOT.exec(fields.get('Root')?.toLowerCase() ?? '');
  if (!root) return undefined;
  const spanId = fields.get('Parent')?.toLowerCase() ?? '';
  const sampled = fields.get('Sampled');
  return {
    traceId: `${root[1]}${root[2]}`,
    ...(SPAN.test(spanId) ? { spanId } : {}),
    ...(sampled === '1' || sampled === '0' ? { isSampled: sampled === '1' } : {}),
  };
}

/** Says it as X-Ray does, and behind it what else `header` says, such as a lineage. */
export function toTraceHeader({ traceId, spanId, isSampled }: TraceContext, header: string = ''): string {
  const root = `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
  const parent = spanId === undefined ? '' : `;Parent=${spanId}`;
  const sampled = isSampled === undefined ? '' : `;Sampled=${isSampled ? '1' : '0'}`;
  return `${root}${parent}${sampled}${toOthers(header)}`;
}

function toOthers(header: string): string {
  if (header === '') return '';
  const usual = USUAL.exec(header);
  if (usual) return usual[5] ?? '';
  const others = header.split(';').filter((part) => part !== '' && !/^(?:Root|Parent|Sampled|Self)=/.test(part));
  return others.map((part) => `;${part}`).join('');
}

/** Reads W3C's header; undefined when it is not well formed. Source: W3C Trace Context, section 3.2. */
export function parseTraceparent(text: string): TraceContext | undefined {
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || (version === '00' && more !== undefined)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags as string, 16) & 1) === 1 };
}

/** What X-Ray's header says, as W3C's; undefined when it names no span. */
export function toTraceparent(header: string): string | undefined {
  const { traceId, spanId, isSampled } = parseTraceHeader(header) ?? {};
  return traceId === undefined || spanId === undefined
    ? undefined
    : `00-${traceId}-${spanId}-${isSampled === true ? '01' : '00'}`;
}

function toField(part: string): [string, string] {
  const equals = part.indexOf('=');
  return [part.slice(0, equals), part.slice(equals + 1)];
}
