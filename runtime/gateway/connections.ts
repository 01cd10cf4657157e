import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { deadlines } from '../dispatch/deadlines.ts';

/** Requests on one connection that may be unanswered; a client that sends more ahead is no client of an API. */
export const UNANSWERED_PER_CONNECTION = 64;
/** Connections beyond the bound that are told so; what comes on top is closed without a word. */
const SURPLUS = 128;
/** How long one of those may take to ask, in milliseconds. */
const SURPLUS_MS = 1_000;
/** When a connection goes at which nothing has been asked, after the process began to end; in milliseconds. */
const UNASKED_MS = 1_000;

interface Connection {
  readonly socket: Socket;
  readonly isSurplus: boolean;
  /** Answers that are not written yet, in the order of their requests. */
  readonly unanswered: ServerResponse[];
}

/** What becomes of a request: served, refused because there are too many connections, or neither, its connection being cut. */
export type Entry = 'served' | 'surplus' | 'cut';

/** The connections of all ports together: bounds them, and knows what is unanswered on each. */
export class Connections {
  readonly #most: number;
  readonly #open = new Map<Socket, Connection>();
  #isDraining = false;

  /** `most`: connections that are served at a time. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Takes a new connection over. */
  add(socket: Socket): void {
    const { size } = this.#open;
    if (size >= this.#most + SURPLUS) {
      socket.destroy();
      return;
    }
    const connection: Connection = { socket, isSurplus: size >= this.#most, unanswered: [] };
    this.#open.set(socket, connection);
    const asked = connection.isSurplus ? deadlines.after(SURPLUS_MS, () => this.#endUnasked(connection)) : undefined;
    socket.once('close', () => {
      asked?.cancel();
      this.#open.delete(socket);
    });
  }

  /** Takes a new request. */
  enter({ socket }: IncomingMessage, outgoing: ServerResponse): Entry {
    const connection = this.#open.get(socket);
    if (!connection || connection.unanswered.length >= UNANSWERED_PER_CONNECTION) {
      socket.destroy();
      return 'cut';
    }
    connection.unanswered.push(outgoing);
    if (this.#isDraining) outgoing.shouldKeepAlive = false;
    outgoing.once('close', () => this.#leave(connection, outgoing));
    return connection.isSurplus ? 'surplus' : 'served';
  }

  /** Answers that a connection still waits for, in the order of their requests. */
  unanswered(socket: Socket): readonly ServerResponse[] {
    return this.#open.get(socket)?.unanswered ?? [];
  }

  /** From now on each connection ends with what is unanswered on it, or at once. */
  drain(): void {
    this.#isDraining = true;
    for (const { unanswered } of this.#open.values()) {
      const latest = unanswered.at(-1);
      if (latest && !latest.headersSent) latest.shouldKeepAlive = false;
    }
    deadlines.after(UNASKED_MS, () => {
      for (const connection of this.#open.values()) this.#endUnasked(connection);
    });
  }

  /** Breaks all that is open. */
  cut(): void {
    for (const { socket } of this.#open.values()) socket.destroy();
  }

  #leave(connection: Connection, outgoing: ServerResponse): void {
    const { unanswered, socket } = connection;
    unanswered.splice(unanswered.indexOf(outgoing), 1);
    if (this.#isDraining && unanswered.length === 0) socket.destroySoon();
  }

  #endUnasked({ unanswered, socket }: Connection): void {
    if (unanswered.length === 0) socket.destroy();
  }
}
