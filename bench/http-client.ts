import { Agent, request } from 'node:http';

/** One keep-alive connection to a loopback server; requests go one after another. */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  /** Posts bytes and reads the whole answer; rejects unless the status is 2xx. */
  post(
    path: string,
    body: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ body: string; headers: Readonly<Record<string, unknown>> }> {
    return new Promise((resolve, reject) => {
      const call = request(this.#base + path, { method: 'POST', agent: this.#agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve({ body: text, headers: response.headers });
          else reject(new Error(`${path} answered ${status}: ${text}`));
        });
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
