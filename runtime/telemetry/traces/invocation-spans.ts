import type { Invocation } from '../../contract/invocation.ts';
import type { Invoker } from '../../contract/invoker.ts';
import type { Outcome, Report } from '../../contract/outcome.ts';
import { parseTraceHeader, type TraceContext, toTraceHeader } from '../../contract/trace-context.ts';
import type { TracerParts } from './request-spans.ts';
import type { Attributes, Span, TellSpan } from './span.ts';
import { createSpanId } from './trace-numbers.ts';

/** What links to: no batch has more messages of different traces that would be worth looking at. */
const MOST_LINKS = 128;

/**
 * Tells of an invocation when it has ended, from what its outcome says: a span of the function, and in it how long it was waited
 * for, how long an isolate was made for it where that had to be, and how long the guest ran. The guest is told the number of the
 * last of these, as what it does is part of it.
 */
export function traceInvocations({ tell, clock }: TracerParts, next: Invoker): Invoker {
  return async (invocation) => {
    const parent = invocation.traceId.includes('Sampled=1') ? parseTraceHeader(invocation.traceId) : undefined;
    if (!parent?.isSampled) return next(invocation);
    const spanId = createSpanId();
    const runId = createSpanId();
    const from = clock();
    const inner = toTraceHeader({ traceId: parent.traceId, spanId: runId, isSampled: true }, invocation.traceId);
    const outcome = await next({ ...invocation, traceId: inner });
    const whole: Span = {
      traceId: parent.traceId,
      spanId,
      parentId: parent.spanId,
      traceState: invocation.traceState,
      name: invocation.target.name,
      kind: isConsumer(invocation) ? 'consumer' : 'server',
      from,
      to: clock(),
      attributes: toAttributes(invocation, outcome),
      links: toLinks(invocation, parent),
      isError: outcome.kind !== 'succeeded',
    };
    tell(whole);
    if (outcome.kind !== 'refused') tellParts(tell, whole, outcome.report, runId);
    return outcome;
  };
}

/**
 * Tells where the time went, one part after another. The waiting is counted from the arrival, in whole milliseconds, so it gives way
 * where all together would be longer than the whole.
 */
function tellParts(tell: TellSpan, whole: Span, report: Report, runId: string): void {
  const { from, to } = whole;
  const { durationMs, queueMs, cold } = report;
  const madeMs = cold === undefined ? 0 : cold.instantiateMs + cold.restoreMs;
  const begun = from + Math.max(0, Math.min(queueMs, to - from - madeMs - durationMs));
  const running = Math.min(begun + madeMs, to);
  tell(toPart(whole, 'queue', from, begun, {}));
  if (cold !== undefined) tell(toPart(whole, 'restore', begun, running, toPhases(cold)));
  const costs = { 'isola.fuel': report.fuel, 'isola.memory.max_bytes': report.maxMemoryBytes };
  const run = toPart(whole, 'run', running, Math.min(running + durationMs, to), costs);
  tell({ ...run, spanId: runId, isError: whole.isError === true });
}

function toPart(whole: Span, name: string, from: number, to: number, attributes: Attributes): Span {
  return {
    traceId: whole.traceId,
    spanId: createSpanId(),
    parentId: whole.spanId,
    traceState: whole.traceState,
    name,
    kind: 'internal',
    from,
    to,
    attributes,
  };
}

function toPhases(cold: NonNullable<Report['cold']>): Attributes {
  return {
    'isola.cold.compile_ms': cold.compileMs,
    'isola.cold.worker_ms': cold.workerMs,
    'isola.cold.instantiate_ms': cold.instantiateMs,
    'isola.cold.restore_ms': cold.restoreMs,
  };
}

/** By OpenTelemetry's conventions for functions as a service. What the function said of its failure is its own to log. */
function toAttributes({ target, requestId, trigger }: Invocation, outcome: Outcome): Attributes {
  const attributes: Record<string, Attributes[string]> = {
    'faas.name': target.name,
    'faas.version': target.version,
    'faas.trigger': trigger ?? 'other',
    'faas.invocation_id': requestId,
    'faas.coldstart': outcome.kind !== 'refused' && outcome.report.cold !== undefined,
    'aws.lambda.invoked_arn': target.arn,
  };
  const error = toErrorType(outcome);
  if (error !== undefined) attributes['error.type'] = error;
  return attributes;
}

function toErrorType(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'succeeded':
      return undefined;
    case 'function-error':
      return outcome.error.errorType;
    case 'timed-out':
      return 'Sandbox.Timedout';
    case 'out-of-memory':
      return 'Runtime.ExitError';
    case 'crashed':
      return 'Sandbox.Failure';
    case 'refused':
      return outcome.reason;
  }
}

/** To whoever sent what is consumed: its parent, or each message of a batch. */
function toLinks(invocation: Invocation, parent: TraceContext): readonly TraceContext[] {
  const { causes } = invocation;
  if (causes) return causes.slice(0, MOST_LINKS).flatMap((cause) => parseTraceHeader(cause) ?? []);
  return isConsumer(invocation) ? [parent] : [];
}

/** Nobody waits for it. */
function isConsumer({ trigger }: Pick<Invocation, 'trigger'>): boolean {
  return trigger !== undefined && trigger !== 'http';
}
