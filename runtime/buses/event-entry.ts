import { randomUUID } from 'node:crypto';
import { parseJsonObject } from '../contract/json.ts';
import type { Scope } from '../contract/scope.ts';
import { parseBus } from './bus-arn.ts';
import { type BusEvent, toEventTime } from './bus-event.ts';
import type { BusKey } from './rule-record.ts';

/** An entry of PutEvents, member for member as EventBridge spells it. */
export interface EventEntry {
  /** Epoch seconds. */
  readonly Time?: number | undefined;
  readonly Source?: string | undefined;
  readonly Resources?: readonly string[] | undefined;
  readonly DetailType?: string | undefined;
  /** JSON, an object. */
  readonly Detail?: string | undefined;
  readonly EventBusName?: string | undefined;
  readonly TraceHeader?: string | undefined;
}

/** Why an entry is not taken. */
export interface EntryFailure {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** An entry that was taken: an event, and where it goes. */
export interface ParsedEntry {
  readonly bus: BusKey;
  readonly event: BusEvent;
  readonly traceId: string | undefined;
}

/** Deeper is refused: reading and writing it would exhaust the stack. */
const MOST_DEPTH = 500;
/** Epoch seconds of years with four digits. */
const LAST_TIME = 253_402_300_799;

/** What is no entry is told apart, not thrown. */
export function parseEntry(scope: Scope, entry: EventEntry, now: number): ParsedEntry | EntryFailure {
  const { Source: source, DetailType: type, Detail: text, EventBusName: name, Time: time } = entry;
  for (const [member, value] of Object.entries({ Source: source, DetailType: type, Detail: text })) {
    if (!value) return refused(`Parameter ${member} is not valid. Reason: ${member} is a required argument.`);
  }
  if (source?.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const bus = parseBus(scope, name);
  if (bus === undefined) return refused('Parameter EventBusName is not valid. Reason: it is no ARN of an event bus.');
  if (time !== undefined && !(time >= 0 && time <= LAST_TIME)) {
    return refused('Parameter Time is not valid. Reason: it is out of range.');
  }
  const detail = parseDetail(text ?? '');
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    bus,
    traceId: entry.TraceHeader,
    event: {
      ...{ version: '0', id: randomUUID(), 'detail-type': type ?? '', source: source ?? '', account: scope.accountId },
      time: toEventTime(time === undefined ? now : time * 1_000),
      ...{ region: scope.region, resources: entry.Resources ?? [], detail },
    },
  };
}

/** A JSON object that is not too deep. */
export function parseDetail(text: string): BusEvent['detail'] | undefined {
  const value = parseJsonObject(text);
  return value === undefined || isDeep(text) ? undefined : (value as BusEvent['detail']);
}

function isDeep(json: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    // Texts may hold brackets.
    if (isText && character === '\\') at++;
    else if (character === '"') isText = !isText;
    else if (isText) continue;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}

function refused(message: string): EntryFailure {
  return { ErrorCode: 'InvalidArgument', ErrorMessage: message };
}
