import type { Config } from '../config.ts';
import type { Authorizer } from '../contract/authorizer.ts';
import type { Deliver } from '../contract/delivery.ts';
import type { Invoker } from '../contract/invoker.ts';
import type { Observer } from '../contract/observer.ts';
import type { TakeTrace } from '../contract/tracer.ts';
import type { Queues } from '../queues/index.ts';
import type { FunctionRegistry } from '../registry/index.ts';
import type { EventSourceMappingRecord } from '../store/event-source-record.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import type { HeldBytes } from '../triggers/mappings/held-bytes.ts';
import type { MappedFunction } from '../triggers/mappings/mapped-function.ts';
import type { EventTargets } from '../triggers/run-event.ts';
import type { SourceEndpoints } from './source-endpoints.ts';

export interface PollerDeps {
  readonly registry: Pick<FunctionRegistry, 'eventSources' | 'recursion'>;
  readonly targets: EventTargets;
  readonly invoke: Invoker;
  readonly authorizer: Pick<Authorizer, 'ready' | 'judge'>;
  readonly queues: () => Promise<Queues>;
  readonly deliver: Deliver;
  readonly takeTrace: TakeTrace;
  readonly resources: ResourceStore;
  readonly observer: Observer;
  readonly config: Config;
}

/** A mapping to be polled for, and what every poller needs. */
export interface PolledMapping extends PollerDeps {
  readonly mapping: EventSourceMappingRecord;
  readonly arn: string;
  readonly target: MappedFunction;
  readonly held: HeldBytes;
  readonly report: (result: string) => void;
  readonly notice: (message: string) => void;
  readonly endpoints: SourceEndpoints;
  readonly clock: () => number;
}
