import { connect, type Socket } from 'node:net';
import { answerParent } from './child.ts';
import { type Percentiles, percentiles } from './statistics.ts';

export interface LoadQuestion {
  readonly url: string;
  readonly path: string;
  readonly body: string;
  readonly connections: number;
  readonly ms: number;
}

export interface LoadAnswer {
  readonly requests: number;
  readonly perSecond: number;
  /** Microseconds. */
  readonly latency: Percentiles;
}

const END_OF_HEAD = '\r\n\r\n';

/** Keeps one request on its way on each connection until the time is over; anything but a 200 ends the bench. */
answerParent(async ({ url, path, body, connections, ms }: LoadQuestion): Promise<LoadAnswer> => {
  const { hostname, port, host } = new URL(url);
  const request = Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const began = performance.now();
  const samples: number[] = [];
  await Promise.all(
    Array.from({ length: connections }, () =>
      keepAsking(connect(Number(port), hostname), request, began + ms, samples),
    ),
  );
  const seconds = (performance.now() - began) / 1000;
  return { requests: samples.length, perSecond: samples.length / seconds, latency: percentiles(samples) };
});

function keepAsking(socket: Socket, request: Buffer, until: number, samples: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    let answer = '';
    const ask = (): void => {
      sentAt = performance.now();
      answer = '';
      socket.write(request);
    };
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('error', reject);
    socket.on('connect', ask);
    socket.on('data', (text: string) => {
      answer += text;
      const left = bytesMissing(answer);
      if (left > 0) return;
      if (!answer.startsWith('HTTP/1.1 200')) {
        reject(new Error(`the server answered ${answer.slice(0, 300)}`));
        return;
      }
      const now = performance.now();
      samples.push((now - sentAt) * 1000);
      if (now < until) ask();
      else {
        socket.end();
        resolve();
      }
    });
  });
}

/** Of an answer with a content-length, which is the only kind expected here. */
function bytesMissing(answer: string): number {
  const head = answer.indexOf(END_OF_HEAD);
  if (head < 0) return 1;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, head))?.[1];
  if (length === undefined) throw new Error(`an answer without a length: ${answer.slice(0, head)}`);
  return head + END_OF_HEAD.length + Number(length) - answer.length;
}
