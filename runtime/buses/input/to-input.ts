import type { BusEvent } from '../bus-event.ts';
import type { TargetSettings } from '../rule-record.ts';
import { fillTemplate, UNKNOWN } from './input-template.ts';
import { parseJsonPath } from './json-path.ts';

export interface InputContext {
  readonly event: BusEvent;
  /** The event as JSON. */
  readonly json: string;
  readonly ruleArn: string;
  readonly ruleName: string;
  /** ISO 8601: when the event came in. */
  readonly ingestedAt: string;
}

/** What a target is sent of an event: all of it, a part, something made of parts, or always the same. */
export function toInput(
  { Input: input, InputPath: path, InputTransformer: transformer }: TargetSettings,
  context: InputContext,
): string {
  const { event, json } = context;
  if (input !== undefined) return input;
  if (path !== undefined) return JSON.stringify(find(path, event) ?? null);
  if (transformer === undefined) return json;
  const paths = transformer.InputPathsMap ?? {};
  return fillTemplate(transformer.InputTemplate, (name) => {
    if (Object.hasOwn(paths, name)) return find(paths[name] ?? '', event);
    return Object.hasOwn(GIVEN, name) ? GIVEN[name]?.(context) : UNKNOWN;
  });
}

const PLACEHOLDER = /(?<!\\)<([\w.-]{1,256})>/g;

/** The first placeholder of a template that stands for nothing. */
export function findUnknown(transformer: TargetSettings['InputTransformer']): string | undefined {
  const { InputTemplate: template = '', InputPathsMap: paths = {} } = transformer ?? {};
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  return names.find((name) => !Object.hasOwn(paths, name) && !Object.hasOwn(GIVEN, name));
}

/** What templates may name without a path. */
const GIVEN: Readonly<Record<string, (context: InputContext) => unknown>> = {
  'aws.events.rule-arn': ({ ruleArn }) => ruleArn,
  'aws.events.rule-name': ({ ruleName }) => ruleName,
  'aws.events.event.ingestion-time': ({ ingestedAt }) => ingestedAt,
  'aws.events.event.json': ({ event }) => event,
  'aws.events.event'({ event }) {
    const { detail: _, ...head } = event;
    return head;
  },
};

function find(path: string, event: BusEvent): unknown {
  return parseJsonPath(path)?.(event);
}
