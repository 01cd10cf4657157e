import { Buses } from '../buses/index.ts';
import type { Observer } from '../contract/observer.ts';
import { parsePolicy } from '../identity/policy/parse-policy.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import type { Outbox } from '../triggers/outbox.ts';

export interface BusesPartDeps {
  readonly resources: ResourceStore;
  readonly outbox: () => Promise<Outbox>;
  readonly observer: Observer;
  /** Since when this process runs, in epoch milliseconds. */
  readonly since: number;
}

export async function openBuses({ outbox, ...deps }: BusesPartDeps): Promise<Buses> {
  const opened = await outbox();
  const buses = new Buses({
    ...{ ...deps, post: opened.post, marks: () => opened.marks(), clock: Date.now },
    parsePolicy: (text) => parsePolicy(text, 'resource'),
  });
  await buses.open();
  return buses;
}
