import { type HostAnswer, type HostCall, type ServeHostCall, toHostError } from '../contract/host-call.ts';
import type { KeeperLink } from './keeper-link.ts';

interface Open {
  readonly call: HostCall;
  readonly answer: (answer: HostAnswer) => void;
}

/** What guests of a front ask for, done by the keeper. */
export class ForwardedCalls {
  readonly #link: () => KeeperLink;
  readonly #open = new Map<number, Open>();
  #nextId = 0;

  constructor(link: () => KeeperLink) {
    this.#link = link;
  }

  readonly serve: ServeHostCall = (call) => {
    const id = this.#nextId++;
    const { stream, ...invocation } = call.invocation;
    const { head, body } = call;
    return new Promise((resolve) => {
      const answer = (given: HostAnswer): void => {
        if (this.#open.delete(id)) resolve(given);
      };
      this.#open.set(id, { call, answer });
      call.signal.addEventListener('abort', () => this.#end(id, FAILED), { once: true });
      this.#link()
        .ask('call', { id, invocation, head, body })
        .then(answer, () => answer(FAILED));
    });
  };

  /** The keeper is going to take long for this call: another thread stands in for the one that waits, if one may. */
  park(id: number): void {
    if (this.#open.get(id)?.call.park() === false) this.#end(id, TOO_MANY);
  }

  #end(id: number, answer: HostAnswer): void {
    this.#open.get(id)?.answer(answer);
    this.#link().tell('ended', { id });
  }
}

const FAILED = toHostError('ServiceFailure', 'The platform failed under this call.');
const TOO_MANY = toHostError('TooManyWaiting', 'As many guests wait in host calls as may: try again later.');
