import type { Authorizer } from '../contract/authorizer.ts';
import type { Invoker } from '../contract/invoker.ts';
import type { Observer } from '../contract/observer.ts';
import { toTraceId } from '../gateway/trace-id.ts';
import { parseQueueArn, type Queues } from '../queues/index.ts';
import type { FunctionRegistry } from '../registry/index.ts';
import type { EventSourceMappingRecord } from '../store/event-source-record.ts';
import { HeldBytes } from '../triggers/mappings/held-bytes.ts';
import { MappedFunction, MappingProblem } from '../triggers/mappings/mapped-function.ts';
import type { Poller } from '../triggers/mappings/poller.ts';
import { Pollers } from '../triggers/mappings/pollers.ts';
import { QueuePoller } from '../triggers/mappings/queue-poller.ts';
import type { EventTargets } from '../triggers/run-event.ts';
import { explainRefusal } from './explain-refusal.ts';
import { createOwnQueueSource } from './own-queue-source.ts';

export interface PollerDeps {
  readonly registry: Pick<FunctionRegistry, 'eventSources'>;
  readonly targets: EventTargets;
  readonly invoke: Invoker;
  readonly authorizer: Pick<Authorizer, 'ready' | 'judge'>;
  readonly queues: () => Promise<Queues>;
  readonly observer: Observer;
}

/** What an execution role must allow of a queue for a mapping to read it. */
const QUEUE_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** Polls for every mapping that there is, and goes with their changes. */
export async function openPollers(deps: PollerDeps): Promise<Pollers> {
  const { eventSources } = deps.registry;
  const queues = await deps.queues();
  const held = new HeldBytes();
  const start = (mapping: EventSourceMappingRecord): Poller | undefined => {
    const { uuid, source, functionArn, settings } = mapping;
    const key = parseQueueArn(settings.EventSourceArn ?? '');
    if (source !== 'sqs' || key === undefined) return undefined;
    const clock = Date.now;
    return new QueuePoller({
      ...{ settings, held, clock },
      source: createOwnQueueSource(queues, key),
      target: new MappedFunction(functionArn, {
        ...{ targets: deps.targets, invoke: deps.invoke, clock },
        toTraceId: (header) => toTraceId(header, clock()),
      }),
      async assertReadable(role) {
        await deps.authorizer.ready();
        for (const action of QUEUE_ACTIONS) {
          const wish = { action, resource: settings.EventSourceArn ?? '' };
          const policy = queues.table.policyOf(key);
          const refused = explainRefusal(deps.authorizer, { kind: 'role', arn: role }, wish, policy);
          if (refused !== undefined) throw new MappingProblem(refused);
        }
      },
      isWanted: () => true,
      report: (result) => eventSources.report(uuid, result),
      notice: (message) => deps.observer.noticed('error', message),
    });
  };
  const pollers = new Pollers({ mappings: () => eventSources.all(), start });
  eventSources.onChange(() => void pollers.refresh());
  await pollers.refresh();
  return pollers;
}
