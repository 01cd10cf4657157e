import type { EventSourceMappingRecord } from '../../store/event-source-record.ts';
import { Turns } from '../../store/turns.ts';
import type { Poller } from './poller.ts';

export interface PollersDeps {
  /** The mappings as they are now. */
  readonly mappings: () => Promise<readonly EventSourceMappingRecord[]>;
  /** Begins to poll for one; undefined for sources that nothing here can read. */
  readonly start: (mapping: EventSourceMappingRecord) => Promise<Poller | undefined> | Poller | undefined;
  /** Called for mappings that are deleted, when nothing polls for them any more. */
  readonly forget: (uuid: string) => Promise<void>;
  /** Told of what went wrong that nobody is at fault for. */
  readonly notice: (message: string) => void;
}

interface Running {
  /** Everything that a poller is made of. */
  readonly made: string;
  readonly poller: Poller | undefined;
}

/** The pollers of all mappings: one for each that is enabled, made anew when what it is made of changes. */
export class Pollers {
  readonly #deps: PollersDeps;
  readonly #running = new Map<string, Running>();
  #mappings: ReadonlyMap<string, EventSourceMappingRecord> = new Map();
  readonly #turns = new Turns();
  readonly #changing = new Set<Promise<void>>();
  #isStopped = false;

  constructor(deps: PollersDeps) {
    this.#deps = deps;
  }

  /** Follows what has changed. */
  async refresh(): Promise<void> {
    const { mappings, notice } = this.#deps;
    const before = this.#mappings;
    this.#mappings = new Map((await mappings()).map((mapping) => [mapping.uuid, mapping]));
    for (const uuid of new Set([...this.#mappings.keys(), ...before.keys()])) {
      const changing = this.#turns
        .take(uuid, () => this.#follow(uuid))
        .catch((error: Error) => notice(`Event-source mapping ${uuid} cannot be polled for: ${error.message}`))
        .finally(() => this.#changing.delete(changing));
      this.#changing.add(changing);
    }
  }

  /** Resolves when nothing polls or runs any more. */
  async drain(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#running.values()].map(({ poller }) => poller?.stop()));
    await Promise.all(this.#changing);
  }

  close(): Promise<void> {
    return this.drain();
  }

  /** One poller of a mapping ends before the next one begins: streams are read in order. */
  async #follow(uuid: string): Promise<void> {
    const mapping = this.#mappings.get(uuid);
    const wanted = mapping?.isEnabled ? mapping : undefined;
    const made = wanted && JSON.stringify([wanted.functionArn, wanted.settings]);
    const current = this.#running.get(uuid);
    if (mapping !== undefined && current?.made === made) return;
    await current?.poller?.stop();
    this.#running.delete(uuid);
    if (this.#isStopped) return;
    if (mapping === undefined) await this.#deps.forget(uuid);
    if (wanted === undefined || made === undefined) return;
    const poller = await this.#deps.start(wanted);
    this.#running.set(uuid, { made, poller });
    if (this.#isStopped) await poller?.stop();
  }
}
