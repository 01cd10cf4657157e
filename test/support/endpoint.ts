import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';

export interface Arrival {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** An HTTP endpoint that answers as it is told, 200 when it is told nothing; `never` leaves who asks without an answer. */
export class Endpoint {
  readonly statuses: (number | 'never')[] = [];
  readonly #arrivals: Arrival[] = [];
  readonly #waiting: ((arrival: Arrival) => void)[] = [];
  readonly #server: Server = createServer(async (incoming, outgoing) => {
    let text = '';
    for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
    const arrival = { path: incoming.url ?? '', headers: incoming.headers, text };
    const status = this.statuses.shift() ?? 200;
    if (status !== 'never') outgoing.writeHead(status).end('thank you');
    const waiter = this.#waiting.shift();
    if (waiter) waiter(arrival);
    else this.#arrivals.push(arrival);
  });

  /** Answers its base URL. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  }

  /** What arrived first of what nobody has looked at yet. */
  next(): Promise<Arrival> {
    const arrival = this.#arrivals.shift();
    if (arrival !== undefined) return Promise.resolve(arrival);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  get isQuiet(): boolean {
    return this.#arrivals.length === 0;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
