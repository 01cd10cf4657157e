import type { Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';
import { LambdaError } from '../contract/errors.ts';

/** What an end of a channel does for the other one. */
export interface ChannelEvents {
  /** Answers a question; what it throws is thrown where the question was asked, by its sentence. */
  readonly asked: (kind: string, question: never) => Promise<unknown>;
  /** Hears what needs no answer. */
  readonly told: (kind: string, message: never) => void;
  /** The other end has gone. */
  readonly closed: () => void;
}

type Frame =
  | { readonly type: 'ask'; readonly id: number; readonly kind: string; readonly body: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly body: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly error: Failure }
  | { readonly type: 'tell'; readonly kind: string; readonly body: unknown };

type Failure = Pick<LambdaError, 'message' | 'members' | 'headers'> & { readonly code?: LambdaError['code'] };

interface Open {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

const HEAD_BYTES = 4;

/**
 * Questions and answers between two processes that trust each other, both ways at once over one socket: each frame is its
 * length in four bytes and a structured clone. When the socket closes, whoever waits hears a ServiceException.
 */
export class Channel {
  readonly #socket: Socket;
  readonly #events: ChannelEvents;
  readonly #open = new Map<number, Open>();
  #nextId = 0;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #closed = false;

  constructor(socket: Socket, events: ChannelEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end());
  }

  ask(kind: string, body: unknown): Promise<unknown> {
    if (this.#closed) return Promise.reject(gone());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#send({ type: 'ask', id, kind, body });
    });
  }

  tell(kind: string, body: unknown): void {
    this.#send({ type: 'tell', kind, body });
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(frame: Frame): void {
    if (this.#closed) return;
    const body = serialize(frame);
    const head = Buffer.allocUnsafe(HEAD_BYTES);
    head.writeUInt32LE(body.byteLength);
    this.#socket.cork();
    this.#socket.write(head);
    this.#socket.write(body);
    this.#socket.uncork();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    while (this.#bytes >= HEAD_BYTES) {
      const first = this.#chunks[0] as Buffer;
      if (first.byteLength < HEAD_BYTES) this.#chunks = [Buffer.concat(this.#chunks)];
      const end = HEAD_BYTES + (this.#chunks[0] as Buffer).readUInt32LE();
      if (this.#bytes < end) return;
      const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#bytes);
      this.#bytes = all.byteLength - end;
      this.#chunks = this.#bytes > 0 ? [all.subarray(end)] : [];
      this.#receive(deserialize(all.subarray(HEAD_BYTES, end)) as Frame);
    }
  }

  #receive(frame: Frame): void {
    switch (frame.type) {
      case 'ask':
        void this.#answer(frame.id, frame.kind, frame.body);
        return;
      case 'tell':
        this.#events.told(frame.kind, frame.body as never);
        return;
      case 'answer':
        this.#settle(frame.id)?.resolve(frame.body);
        return;
      case 'failure':
        this.#settle(frame.id)?.reject(toError(frame.error));
    }
  }

  async #answer(id: number, kind: string, question: unknown): Promise<void> {
    try {
      this.#send({ type: 'answer', id, body: await this.#events.asked(kind, question as never) });
    } catch (error) {
      this.#send({ type: 'failure', id, error: toFailure(error) });
    }
  }

  #settle(id: number): Open | undefined {
    const open = this.#open.get(id);
    this.#open.delete(id);
    return open;
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject } of this.#open.values()) reject(gone());
    this.#open.clear();
    this.#events.closed();
  }
}

/** What a client hears while the process that keeps the data directory is away. */
export function gone(): LambdaError {
  return new LambdaError('ServiceException', 'The process that keeps the functions is starting again.');
}

function toFailure(error: unknown): Failure {
  if (!(error instanceof LambdaError)) return { message: String(error), members: {}, headers: {} };
  const { code, message, members, headers } = error;
  return { code, message, members, headers };
}

function toError({ code, message, members, headers }: Failure): Error {
  return code === undefined ? new Error(message) : new LambdaError(code, message, { members, headers });
}
