import type { TraceContext } from '../../contract/trace-context.ts';

/** By OpenTelemetry's numbers. */
export const SPAN_KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
export type SpanKind = keyof typeof SPAN_KINDS;

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work that is over. Made in one go when all of it is known, so that what runs is not slowed down by it. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string | undefined;
  /** The parent is another process's. */
  readonly isParentRemote?: boolean;
  readonly traceState?: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** Epoch milliseconds, with fractions. */
  readonly from: number;
  readonly to: number;
  readonly attributes: Attributes;
  readonly links?: readonly TraceContext[];
  /** It failed. */
  readonly isError?: boolean;
}

/** Takes spans that are over; never blocks, never throws. */
export type TellSpan = (span: Span) => void;
