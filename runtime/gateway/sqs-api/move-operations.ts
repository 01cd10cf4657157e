import { invalidParameter, missingParameter, parseQueueArn, QueueError, type QueueKey } from '../../queues/index.ts';
import type { Wish } from '../auth/access.ts';
import { createOperation, type ServiceOperation, type ServiceRequest } from '../service/service.ts';
import { listOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import type { OpenQueues } from './queue-wish.ts';

const MOST_PER_SECOND = 500;
const MOST_RESULTS = 10;
const TASK = structure({
  ...{ TaskHandle: TEXT, Status: TEXT, SourceArn: TEXT, DestinationArn: TEXT, MaxNumberOfMessagesPerSecond: WHOLE },
  ...{ ApproximateNumberOfMessagesMoved: WHOLE, ApproximateNumberOfMessagesToMove: WHOLE, FailureReason: TEXT },
  StartedTimestamp: WHOLE,
});

/** Dead letters on their way back. */
export function createMoveOperations(queues: OpenQueues): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'StartMessageMoveTask',
      input: structure({ SourceArn: TEXT, DestinationArn: TEXT, MaxNumberOfMessagesPerSecond: WHOLE }),
      output: structure({ TaskHandle: TEXT }),
      wish: wishForArn('StartMessageMoveTask'),
      async handle({ caller }, { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: mostPerSecond }) {
        const source = parseOwn(caller, SourceArn, 'SourceArn');
        const destination =
          DestinationArn === undefined ? undefined : parseOwn(caller, DestinationArn, 'DestinationArn');
        if (mostPerSecond !== undefined && (mostPerSecond < 1 || mostPerSecond > MOST_PER_SECOND)) {
          throw invalidParameter(
            mostPerSecond,
            'MaxNumberOfMessagesPerSecond',
            `Must be between 1 and ${MOST_PER_SECOND}.`,
          );
        }
        return { TaskHandle: await (await queues()).startMove(source, destination, mostPerSecond) };
      },
    }),
    createOperation({
      name: 'ListMessageMoveTasks',
      input: structure({ SourceArn: TEXT, MaxResults: WHOLE }),
      output: structure({ Results: listOf(TASK, 'ListMessageMoveTasksResultEntry') }),
      wish: wishForArn('ListMessageMoveTasks'),
      async handle({ caller }, { SourceArn, MaxResults: most = 1 }) {
        const source = parseOwn(caller, SourceArn, 'SourceArn');
        if (most < 1 || most > MOST_RESULTS) {
          throw invalidParameter(most, 'MaxResults', `Must be between 1 and ${MOST_RESULTS}, if provided.`);
        }
        const tasks = (await queues()).moveTasks(source).slice(0, most);
        return {
          Results: tasks.map((task) => ({
            ...{ TaskHandle: task.handle, Status: task.status, SourceArn: task.sourceArn },
            ...{ DestinationArn: task.destinationArn, MaxNumberOfMessagesPerSecond: task.mostPerSecond },
            ...{ ApproximateNumberOfMessagesMoved: task.moved, ApproximateNumberOfMessagesToMove: task.toMove },
            ...{ FailureReason: task.failure, StartedTimestamp: task.startedAt },
          })),
        };
      },
    }),
    createOperation({
      name: 'CancelMessageMoveTask',
      input: structure({ TaskHandle: TEXT }),
      output: structure({ ApproximateNumberOfMessagesMoved: WHOLE }),
      wish: async (request, { TaskHandle: handle }) =>
        wishForArn('CancelMessageMoveTask')(request, { SourceArn: sourceOf(handle) }),
      async handle({ caller }, { TaskHandle: handle }) {
        parseOwn(caller, sourceOf(handle), 'TaskHandle');
        return { ApproximateNumberOfMessagesMoved: (await queues()).cancelMove(handle ?? '') };
      },
    }),
  ];
}

function wishForArn(
  name: string,
): (request: ServiceRequest, input: { readonly SourceArn?: string | undefined }) => Promise<Wish> {
  return async (_, { SourceArn = '' }) => ({ action: `sqs:${name}`, resource: SourceArn });
}

function parseOwn({ scope }: ServiceRequest['caller'], arn: string | undefined, member: string): QueueKey {
  if (!arn) throw missingParameter(member);
  const key = parseQueueArn(arn);
  if (key === undefined) throw invalidParameter(arn, member, 'It is no ARN of a queue.');
  if (key.accountId === scope.accountId && key.region === scope.region) return key;
  throw new QueueError(
    'ResourceNotFoundException',
    `The resource that you specified for the ${member} parameter doesn't exist.`,
  );
}

/** The queue of which a handle names a task. */
function sourceOf(handle: string | undefined): string {
  if (!handle) throw missingParameter('TaskHandle');
  try {
    const { sourceArn } = JSON.parse(Buffer.from(handle.slice(0, 1_024), 'base64').toString()) as {
      sourceArn?: unknown;
    };
    if (typeof sourceArn === 'string' && parseQueueArn(sourceArn) !== undefined) return sourceArn;
  } catch {
    // Falls through to the refusal, as what is JSON and no handle does.
  }
  throw invalidParameter(handle, 'TaskHandle', 'It is no handle of a task.');
}
