import { Deque } from './deque.ts';
import type { Message } from './message.ts';

/** The order in which a queue's messages are received. */
export interface Line {
  /** Takes a message into account, in whatever state. */
  arrived(message: Message): void;
  /** Its delay is over. */
  ready(message: Message): void;
  /** At most so many messages that are ready, which are in flight from then on. */
  take(most: number): readonly Message[];
  /** What was in flight is ready again. */
  returned(message: Message): void;
  /** It is gone. */
  left(message: Message, before: { readonly wasInFlight: boolean }): void;
}

/** First come, first served; what comes back stands at the end. */
export class StandardLine implements Line {
  readonly #ready = new Deque<Message>();

  arrived(message: Message): void {
    if (message.state === 'ready') this.#ready.push(message);
  }

  ready(message: Message): void {
    this.#ready.push(message);
  }

  take(most: number): readonly Message[] {
    const taken: Message[] = [];
    while (taken.length < most) {
      const next = this.#ready.shift();
      if (next === undefined) break;
      if (next.state === 'ready') taken.push(next);
    }
    return taken;
  }

  returned(message: Message): void {
    this.#ready.push(message);
  }

  left(): void {}
}

interface Group {
  readonly id: string;
  /** Oldest first, in any state; those that are gone go when they come to the front. */
  readonly messages: Deque<Message>;
  inFlight: number;
  /** It has a place among those whose turn comes. */
  isListed: boolean;
}

/**
 * Groups in turn, each in its own order: nobody of a group is received while another of it is in flight, or before one that came
 * earlier.
 */
export class FifoLine implements Line {
  readonly #groups = new Map<string, Group>();
  readonly #turns = new Deque<Group>();

  arrived(message: Message): void {
    const id = message.groupId ?? '';
    const group = this.#groups.get(id) ?? { id, messages: new Deque(), inFlight: 0, isListed: false };
    this.#groups.set(id, group);
    group.messages.insert(message, (other) => other.id > message.id);
    if (message.state === 'in-flight') group.inFlight += 1;
    else this.#list(group);
  }

  ready(message: Message): void {
    this.#list(this.#groupOf(message));
  }

  take(most: number): readonly Message[] {
    const taken: Message[] = [];
    while (taken.length < most) {
      const group = this.#turns.shift();
      if (group === undefined) break;
      group.isListed = false;
      const run = this.#run(group, most - taken.length);
      group.inFlight += run.length;
      taken.push(...run);
    }
    return taken;
  }

  returned(message: Message): void {
    const group = this.#groupOf(message);
    group.inFlight -= 1;
    this.#list(group);
  }

  left(message: Message, { wasInFlight }: { readonly wasInFlight: boolean }): void {
    const group = this.#groupOf(message);
    if (wasInFlight) group.inFlight -= 1;
    this.#trim(group);
    if (group.messages.size === 0) this.#groups.delete(group.id);
    else this.#list(group);
  }

  /** What of a group can be received at once: none, or those that stand together at its front. */
  #run(group: Group, most: number): readonly Message[] {
    this.#trim(group);
    const run: Message[] = [];
    if (group.inFlight > 0) return run;
    for (let at = 0; run.length < most; at++) {
      const message = group.messages.at(at);
      if (message?.state === 'gone') continue;
      if (message?.state !== 'ready') break;
      run.push(message);
    }
    return run;
  }

  #trim({ messages }: Group): void {
    while (messages.first?.state === 'gone') messages.shift();
  }

  #list(group: Group): void {
    if (group.isListed || group.inFlight > 0) return;
    group.isListed = true;
    this.#turns.push(group);
  }

  #groupOf(message: Message): Group {
    return this.#groups.get(message.groupId ?? '') as Group;
  }
}
