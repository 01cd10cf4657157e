import { isStream } from '../registry/event-sources/source-kind.ts';
import type { EventSourceMappingRecord } from '../store/event-source-record.ts';
import { Checkpoints } from '../triggers/mappings/checkpoints.ts';
import { HeldBytes } from '../triggers/mappings/held-bytes.ts';
import { MappedFunction } from '../triggers/mappings/mapped-function.ts';
import type { Poller } from '../triggers/mappings/poller.ts';
import { Pollers } from '../triggers/mappings/pollers.ts';
import { createFollowTrace } from './follow-trace.ts';
import { pollQueue } from './poll-queue.ts';
import { pollStream } from './poll-stream.ts';
import type { PolledMapping, PollerDeps } from './polled-mapping.ts';
import { toSourceEndpoints } from './source-endpoints.ts';

/** Polls for every mapping that there is, and goes with their changes. */
export async function openPollers(deps: PollerDeps): Promise<Pollers> {
  const { eventSources } = deps.registry;
  const queues = await deps.queues();
  const endpoints = toSourceEndpoints(deps.config);
  const held = new HeldBytes();
  const checkpoints = new Checkpoints(deps.resources);
  const clock = Date.now;
  const followTrace = createFollowTrace(deps);
  const start = (mapping: EventSourceMappingRecord): Promise<Poller | undefined> | Poller | undefined => {
    const { uuid, source, functionArn, settings } = mapping;
    const polled: PolledMapping = {
      ...{ ...deps, endpoints, mapping, held, clock, arn: settings.EventSourceArn ?? '' },
      target: new MappedFunction(functionArn, { ...deps, clock, followTrace }),
      report: (result) => eventSources.report(uuid, result),
      notice: (message) => deps.observer.noticed('error', message),
    };
    if (source === 'sqs') return pollQueue(polled, queues);
    return isStream(source) ? pollStream(polled, checkpoints) : undefined;
  };
  await checkpoints.open();
  await checkpoints.forgetOthers(new Set((await eventSources.all()).map(({ uuid }) => uuid)));
  const pollers = new Pollers({
    ...{ mappings: () => eventSources.all(), start },
    forget: (uuid) => checkpoints.forget(uuid),
    notice: (message) => deps.observer.noticed('error', message),
  });
  eventSources.onChange(() => void pollers.refresh());
  await pollers.refresh();
  return pollers;
}
