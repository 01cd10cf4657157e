import { createHash } from 'node:crypto';
import {
  assertStreamName,
  byTime,
  constraint,
  invalid,
  type LogEvent,
  type Position,
  parseFilterPattern,
  type Selection,
  toEventId,
} from '../../logs/index.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { FLAG, listOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { nullMember, type OpenLogs, parseGroup, parseLimit, wishFor, wishForStream } from './group-input.ts';
import { fromToken, parseFilterToken, toFilterToken, toToken } from './position-token.ts';
import { SEQUENCE_TOKEN } from './stream-operations.ts';

const GROUP = { logGroupName: TEXT, logGroupIdentifier: TEXT };
const TIMES = { startTime: WHOLE, endTime: WHOLE, limit: WHOLE, nextToken: TEXT };
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1_048_576;
const MOST_STREAMS = 100;
const START: Position = { place: 0, line: 0 };

/** Events of groups: put, read along a stream, and searched. */
export function createEventOperations(logs: OpenLogs): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'PutLogEvents',
      input: structure({
        ...{ logGroupName: TEXT, logStreamName: TEXT, sequenceToken: TEXT },
        logEvents: listOf(structure({ timestamp: WHOLE, message: TEXT }), 'member'),
      }),
      output: structure({
        nextSequenceToken: TEXT,
        rejectedLogEventsInfo: structure({
          ...{ tooNewLogEventStartIndex: WHOLE, tooOldLogEventEndIndex: WHOLE, expiredLogEventEndIndex: WHOLE },
        }),
      }),
      wish: wishForStream('PutLogEvents'),
      async handle({ caller }, { logGroupName, logStreamName: stream, logEvents }) {
        const key = parseGroup(caller.scope, { logGroupName });
        if (stream === undefined) throw nullMember('logStreamName');
        if (logEvents === undefined) throw nullMember('logEvents');
        const events = logEvents.map(({ timestamp, message }, index) => {
          if (timestamp === undefined) throw nullMember(`logEvents.${index + 1}.member.timestamp`);
          if (message === undefined) throw nullMember(`logEvents.${index + 1}.member.message`);
          return { timestamp, message };
        });
        const rejected = await (await logs()).put(key, stream, events);
        return {
          nextSequenceToken: SEQUENCE_TOKEN,
          rejectedLogEventsInfo: Object.keys(rejected).length === 0 ? undefined : rejected,
        };
      },
    }),
    createOperation({
      name: 'GetLogEvents',
      input: structure({ ...GROUP, ...TIMES, logStreamName: TEXT, startFromHead: FLAG, unmask: FLAG }),
      output: structure({
        events: listOf(structure({ timestamp: WHOLE, message: TEXT, ingestionTime: WHOLE }), 'member'),
        ...{ nextForwardToken: TEXT, nextBackwardToken: TEXT },
      }),
      wish: wishForStream('GetLogEvents'),
      async handle(
        { caller },
        { logStreamName: stream, startTime, endTime, nextToken, startFromHead = false, ...input },
      ) {
        const key = parseGroup(caller.scope, input);
        if (stream === undefined) throw nullMember('logStreamName');
        const token = nextToken === undefined ? undefined : fromToken(nextToken);
        const limits = { events: parseLimit(input.limit, MOST_EVENTS), bytes: MOST_BYTES };
        const selection: Selection = {
          // The end is not included, as it is in a search.
          ...toTimes(startTime, endTime === undefined ? undefined : endTime - 1),
          isStream: (name) => name === stream,
          isMessage: () => true,
        };
        const opened = await logs();
        await opened.assertStream(key, stream);
        const isForward = token === undefined ? startFromHead : token.direction === 'f';
        const { events, first, next } = isForward
          ? await opened.read(key, selection, { start: token?.position ?? START, limits })
          : await opened.readBack(key, selection, { start: token?.position, limits });
        return {
          events: byTime(events).map(({ at, message, cameAt }) => ({ timestamp: at, message, ingestionTime: cameAt })),
          nextForwardToken: toToken('f', next),
          nextBackwardToken: toToken('b', first),
        };
      },
    }),
    createOperation({
      name: 'FilterLogEvents',
      input: structure({
        ...{ ...GROUP, ...TIMES, logStreamNames: listOf(TEXT, 'member'), logStreamNamePrefix: TEXT },
        ...{ filterPattern: TEXT, interleaved: FLAG, unmask: FLAG },
      }),
      output: structure({
        events: listOf(
          structure({ logStreamName: TEXT, timestamp: WHOLE, message: TEXT, ingestionTime: WHOLE, eventId: TEXT }),
          'member',
        ),
        searchedLogStreams: listOf(structure({ logStreamName: TEXT, searchedCompletely: FLAG }), 'member'),
        nextToken: TEXT,
      }),
      wish: wishFor('FilterLogEvents'),
      async handle({ caller }, { logStreamNames: names, logStreamNamePrefix: prefix, startTime, endTime, ...input }) {
        const key = parseGroup(caller.scope, input);
        const { filterPattern = '', nextToken } = input;
        const selection: Selection = {
          ...toTimes(startTime, endTime),
          isStream: toStreamTest(names, prefix),
          isMessage: parseFilterPattern(filterPattern),
        };
        const question = createHash('sha256')
          .update(JSON.stringify([key, names, prefix, startTime, endTime, filterPattern]))
          .digest();
        const start = nextToken === undefined ? START : parseFilterToken(nextToken, question);
        const limits = { events: parseLimit(input.limit, MOST_EVENTS), bytes: MOST_BYTES };
        const { events, next, isEnd } = await (await logs()).read(key, selection, { start, limits });
        return {
          events: byTime(events).map(toFoundEvent),
          searchedLogStreams: [],
          nextToken: isEnd ? undefined : toFilterToken(next, question),
        };
      },
    }),
  ];
}

function toFoundEvent(event: LogEvent) {
  const { stream, at, message, cameAt } = event;
  return { logStreamName: stream, timestamp: at, message, ingestionTime: cameAt, eventId: toEventId(event) };
}

function toTimes(from = 0, to: number = Number.MAX_SAFE_INTEGER): { readonly from: number; readonly to: number } {
  if (from < 0) throw constraint(from, 'startTime', 'have value greater than or equal to 0');
  return { from, to };
}

function toStreamTest(names: readonly string[] | undefined, prefix: string | undefined): (stream: string) => boolean {
  if (names === undefined) return prefix === undefined ? () => true : (stream) => stream.startsWith(prefix);
  if (prefix !== undefined)
    throw invalid('logStreamNamePrefix and logStreamNames cannot be specified at the same time.');
  if (names.length < 1 || names.length > MOST_STREAMS) {
    throw constraint(names.length, 'logStreamNames', `have length between 1 and ${MOST_STREAMS}`);
  }
  for (const name of names) assertStreamName(name);
  const wanted = new Set(names);
  return (stream) => wanted.has(stream);
}
