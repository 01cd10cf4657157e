import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Channel, gone } from './channel.ts';
import type { FrontNews, KeeperNews, Questions } from './questions.ts';

export interface KeeperLinkEvents {
  /** Answers the keeper. */
  readonly asked: (kind: string) => Promise<unknown>;
  readonly park: (news: KeeperNews['park']) => void;
  readonly forget: (news: KeeperNews['forget']) => void;
}

/** How often a keeper is looked for that is away, and how long a question waits for it, in milliseconds. */
const RETRY_MS = 20;
const WAIT_MS = 5_000;

/** A front's way to the keeper, found again whenever the keeper has been away. */
export class KeeperLink {
  readonly #path: string;
  readonly #events: KeeperLinkEvents;
  #channel: Channel | undefined;
  #connecting: Promise<void> | undefined;
  #hello: Questions['hello']['answer'] | undefined;
  #closed = false;

  constructor(path: string, events: KeeperLinkEvents) {
    this.#path = path;
    this.#events = events;
    this.#connect();
  }

  /** What the keeper said when it was found; undefined while it is away. */
  get hello(): Questions['hello']['answer'] | undefined {
    return this.#channel && this.#hello;
  }

  /** Resolves when the keeper is there; rejects with a ServiceException when it does not come for a while. */
  async present(): Promise<void> {
    if (this.hello) return;
    const late = new AbortController();
    const isLate = delay(WAIT_MS, undefined, { signal: late.signal }).then(() => {
      throw gone();
    });
    isLate.catch(() => undefined);
    try {
      while (!this.hello) await Promise.race([this.#connecting ?? delay(RETRY_MS), isLate]);
    } finally {
      late.abort();
    }
  }

  async ask<Kind extends keyof Questions>(
    kind: Kind,
    question: Questions[Kind]['question'],
  ): Promise<Questions[Kind]['answer']> {
    if (!this.hello) await this.present();
    return (this.#channel as Channel).ask(kind, question) as Promise<Questions[Kind]['answer']>;
  }

  tell<Kind extends keyof FrontNews>(kind: Kind, news: FrontNews[Kind]): void {
    this.#channel?.tell(kind, news);
  }

  close(): void {
    this.#closed = true;
    this.#channel?.close();
  }

  #connect(): void {
    this.#connecting = this.#find().finally(() => {
      this.#connecting = undefined;
    });
  }

  async #find(): Promise<void> {
    while (!this.#closed) {
      const channel = await this.#open();
      const hello = await (channel?.ask('hello', {}) as Promise<Questions['hello']['answer']> | undefined)?.catch(
        () => undefined,
      );
      if (channel && hello) {
        this.#hello = hello;
        this.#channel = channel;
        return;
      }
      await delay(RETRY_MS);
    }
  }

  async #open(): Promise<Channel | undefined> {
    const socket = await reach(this.#path);
    if (!socket) return undefined;
    const channel: Channel = new Channel(socket, {
      asked: (kind) => this.#events.asked(kind),
      told: (kind, news) => {
        if (kind === 'park') this.#events.park(news);
        else this.#events.forget(news);
      },
      closed: () => {
        if (this.#channel !== channel) return;
        this.#channel = undefined;
        if (!this.#closed) this.#connect();
      },
    });
    return channel;
  }
}

function reach(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(undefined));
  });
}
