import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { Closers } from '../closers.ts';
import type { KeepLines } from '../contract/function-lines.ts';
import type { ServeHostCall } from '../contract/host-call.ts';
import type { UsageBook } from '../contract/usage.ts';
import type { Apps, RootKey } from '../gateway/index.ts';
import type { LogGrant } from '../identity/log-grant.ts';
import type { FunctionRegistry } from '../registry/index.ts';
import type { MetricValues } from '../telemetry/index.ts';
import { ChangeWriter } from './change-counters.ts';
import { Channel } from './channel.ts';
import { FrontQuestions } from './front-questions.ts';
import { takeClient } from './pass-on.ts';
import type { Places } from './places.ts';

/** What a keeper needs of its process. */
export interface KeeperParts {
  readonly apps: Apps;
  readonly registry: FunctionRegistry;
  readonly hostCalls: ServeHostCall;
  readonly mayLog: LogGrant;
  readonly usage: UsageBook;
  readonly keepLines: KeepLines;
  readonly rootKey: RootKey;
}

/**
 * The one of several processes that has the data directory, as the others, the fronts, see it: it answers the requests that
 * they pass on and the questions that they have, and counts the changes that end what they remember.
 */
export class Keeper {
  readonly #places: Places;
  readonly #processes: number;
  readonly #channels = new Set<Channel>();
  readonly #closers = new Closers();
  #changes: ChangeWriter | undefined;
  #leaving: (() => void)[] = [];

  constructor(places: Places, processes: number) {
    this.#places = places;
    this.#processes = processes;
  }

  /** To be called when this process has the data directory, and before it answers anyone. */
  async open(parts: KeeperParts): Promise<void> {
    const { folder, changes, channel, door } = this.#places;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    const writer = new ChangeWriter(changes);
    this.#changes = writer;
    this.#closers.add(async () => writer.close());
    await this.#listen(createDoor(parts.apps), door);
    await this.#listen(
      createServer((socket) => this.#welcome(socket, parts)),
      channel,
    );
  }

  changedFunction(name: string): void {
    this.#changes?.functionNamed(name);
  }

  changedEverything(): void {
    this.#changes?.everything();
  }

  /** No function runs this image any more. */
  forget(image: string): void {
    for (const channel of this.#channels) channel.tell('forget', { image });
  }

  /** The metrics of all processes together; those of one that goes meanwhile are missing. */
  async metrics(own: () => Promise<MetricValues>): Promise<{ readonly contentType: string; readonly body: string }> {
    const others = [...this.#channels].map((channel) => channel.ask('metrics', {}).catch(() => []));
    const all = (await Promise.all([own(), ...others])) as MetricValues[];
    const { sumMetrics } = await import('../telemetry/sum-metrics.ts');
    return sumMetrics(all);
  }

  /** Resolves when no front is there any more. */
  left(): Promise<void> {
    if (this.#channels.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#leaving.push(resolve));
  }

  close(): Promise<void> {
    for (const channel of this.#channels) channel.close();
    return this.#closers.close();
  }

  async #listen(server: Server | ReturnType<typeof createHttpServer>, path: string): Promise<void> {
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // Of this process alone: node:cluster would have the first process listen for its children.
      server.listen({ path, exclusive: true }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    chmodSync(path, 0o600);
    this.#closers.add(
      () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          if ('closeAllConnections' in server) server.closeAllConnections();
        }),
    );
  }

  #welcome(socket: Socket, parts: KeeperParts): void {
    const questions = new FrontQuestions({
      ...parts,
      processes: this.#processes,
      park: (id) => channel.tell('park', { id }),
    });
    const channel: Channel = new Channel(socket, {
      asked: (kind, question) => questions.answer(kind, question),
      told: (kind, { id }: { readonly id: number }) => {
        if (kind === 'ended') questions.end(id);
      },
      closed: () => {
        this.#channels.delete(channel);
        questions.close();
        if (this.#channels.size === 0) for (const leave of this.#leaving.splice(0)) leave();
      },
    });
    this.#channels.add(channel);
  }
}

/**
 * Answers what fronts pass on. They bound how long a request may take, and close what they do not need any more: a connection
 * that was closed here could be one on which a request is on its way.
 */
function createDoor(apps: Apps): ReturnType<typeof createHttpServer> {
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const client = takeClient(incoming);
    if (client === undefined) outgoing.destroy();
    else apps.passedOn(client.door, client.sourceIp)(incoming, outgoing);
  };
  const timeouts = { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 };
  const options = { ...timeouts, maxHeaderSize: 32 * 1024, requireHostHeader: false };
  return createHttpServer(options, serve).on('checkExpectation', serve);
}
