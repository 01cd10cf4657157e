import type { EventSourceMappingRecord } from '../store/event-source-record.ts';
import { HeldBytes } from '../triggers/mappings/held-bytes.ts';
import { MappedFunction } from '../triggers/mappings/mapped-function.ts';
import type { Poller } from '../triggers/mappings/poller.ts';
import { Pollers } from '../triggers/mappings/pollers.ts';
import { pollQueue } from './poll-queue.ts';
import type { PolledMapping, PollerDeps } from './polled-mapping.ts';

/** Polls for every mapping that there is, and goes with their changes. */
export async function openPollers(deps: PollerDeps): Promise<Pollers> {
  const { eventSources } = deps.registry;
  const queues = await deps.queues();
  const held = new HeldBytes();
  const clock = Date.now;
  const start = (mapping: EventSourceMappingRecord): Poller | undefined => {
    const { uuid, source, functionArn, settings } = mapping;
    const polled: PolledMapping = {
      ...{ ...deps, mapping, held, clock, arn: settings.EventSourceArn ?? '' },
      target: new MappedFunction(functionArn, { ...deps, clock }),
      report: (result) => eventSources.report(uuid, result),
      notice: (message) => deps.observer.noticed('error', message),
    };
    return source === 'sqs' ? pollQueue(polled, queues) : undefined;
  };
  const pollers = new Pollers({ mappings: () => eventSources.all(), start });
  eventSources.onChange(() => void pollers.refresh());
  await pollers.refresh();
  return pollers;
}
