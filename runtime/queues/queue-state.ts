import { FifoLine, type Line, StandardLine } from './line.ts';
import type { Message } from './message.ts';
import { Timetable } from './timetable.ts';

export interface Taking {
  readonly most: number;
  readonly now: number;
  /** Until when what is taken is hidden. */
  readonly until: number;
  /** What was received so often already is not received again. */
  readonly mostReceives: number;
}

export interface Taken {
  readonly received: readonly Message[];
  /** Were received too often; in flight until something else is said of them. */
  readonly exhausted: readonly Message[];
}

/** What is in a queue, and where each message is. Knows the time only as it is told, and no disk. */
export class QueueState {
  readonly #messages = new Map<number, Message>();
  readonly #line: Line;
  readonly #hidden = new Timetable();
  #inFlight = 0;
  #delayed = 0;

  constructor({ isFifo }: { readonly isFifo: boolean }) {
    this.#line = isFifo ? new FifoLine() : new StandardLine();
  }

  get counts(): { readonly ready: number; readonly inFlight: number; readonly delayed: number } {
    const [inFlight, delayed] = [this.#inFlight, this.#delayed];
    return { ready: this.#messages.size - inFlight - delayed, inFlight, delayed };
  }

  /** When a hidden message can be seen again. */
  get nextAt(): number | undefined {
    return this.#hidden.nextAt;
  }

  get(id: number): Message | undefined {
    return this.#messages.get(id);
  }

  /** Oldest first. */
  messages(): Iterable<Message> {
    return this.#messages.values();
  }

  add(message: Message): void {
    this.#messages.set(message.id, message);
    if (message.state === 'delayed') this.#delayed += 1;
    if (message.state === 'in-flight') this.#inFlight += 1;
    if (message.state !== 'ready') this.#hidden.hide(message);
    this.#line.arrived(message);
  }

  /** Shows what is hidden no longer. */
  wake(now: number): void {
    for (let message = this.#hidden.next(now); message !== undefined; message = this.#hidden.next(now)) {
      if (message.state === 'delayed') {
        this.#delayed -= 1;
        message.state = 'ready';
        this.#line.ready(message);
      } else this.#return(message);
    }
  }

  take({ most, now, until, mostReceives }: Taking): Taken {
    this.wake(now);
    const received: Message[] = [];
    const exhausted: Message[] = [];
    while (received.length < most) {
      const taken = this.#line.take(most - received.length);
      if (taken.length === 0) break;
      for (const message of taken) {
        const isExhausted = message.receives >= mostReceives;
        this.#hide(message, isExhausted ? Number.POSITIVE_INFINITY : until);
        (isExhausted ? exhausted : received).push(message);
      }
    }
    for (const message of received) {
      message.receives += 1;
      message.firstReceivedAt ||= now;
    }
    return { received, exhausted };
  }

  /** Takes at most so many that are to go elsewhere: in flight until something else is said of them. */
  takeOut(most: number, now: number): readonly Message[] {
    this.wake(now);
    const taken = this.#line.take(most);
    for (const message of taken) this.#hide(message, Number.POSITIVE_INFINITY);
    return taken;
  }

  /** Hides a message that is in flight until another time, or shows it when that has come. */
  changeVisibility(message: Message, until: number, now: number): void {
    message.visibleAt = until;
    if (until > now) this.#hidden.move(message);
    else {
      this.#hidden.show();
      this.#return(message);
    }
  }

  /** Nothing when it is gone already. */
  remove(message: Message): void {
    if (this.#messages.get(message.id) !== message) return;
    this.#messages.delete(message.id);
    const { state } = message;
    if (state === 'delayed') this.#delayed -= 1;
    if (state === 'in-flight') this.#inFlight -= 1;
    if (state !== 'ready') this.#hidden.show();
    message.state = 'gone';
    this.#line.left(message, { wasInFlight: state === 'in-flight' });
  }

  #hide(message: Message, until: number): void {
    message.state = 'in-flight';
    message.visibleAt = until;
    this.#inFlight += 1;
    this.#hidden.hide(message);
  }

  #return(message: Message): void {
    this.#inFlight -= 1;
    message.state = 'ready';
    this.#line.returned(message);
  }
}
