import { askChild } from './child.ts';
import type { HttpClient } from './http-client.ts';
import type { LoadAnswer } from './load-generator.ts';
import type { BenchOptions } from './options.ts';
import { BATCH, createMappedQueue, sendingTo, untilEmpty } from './queue-calls.ts';
import { median, round } from './statistics.ts';
import { formatTable } from './table.ts';

const CONNECTIONS = [1, 4, 16];

interface Round {
  /** Messages a second: sent, and handled by a function in all. */
  readonly sent: number;
  readonly handled: number;
}

/** Messages that go through a queue to the function `taker` a second; by the number of connections that send. */
export async function measureQueueRate(
  url: string,
  client: HttpClient,
  { short }: BenchOptions,
): Promise<{ readonly figures: unknown; readonly text: string }> {
  await createMappedQueue(client, 'bench', 'taker');
  const rows: { connections: number; sent: number; handled: number }[] = [];
  for (const connections of CONNECTIONS) {
    const rounds: Round[] = [];
    for (let turn = -1; turn < (short ? 2 : 5); turn++) {
      const one = await measure(url, client, connections, short ? 500 : 2_000);
      if (turn >= 0) rounds.push(one);
    }
    const [sent, handled] = [median(rounds.map((each) => each.sent)), median(rounds.map((each) => each.handled))];
    rows.push({ connections, sent, handled });
  }
  return {
    figures: rows,
    text: [
      'Messages a second of a queue with a function behind it, ten to a request and to a batch, medians of rounds',
      formatTable(
        ['connections', 'sent/s', 'handled/s'],
        rows.map(({ connections, sent, handled }) => [connections, round(sent), round(handled)]),
      ),
      '',
    ].join('\n'),
  };
}

async function measure(url: string, client: HttpClient, connections: number, ms: number): Promise<Round> {
  const began = performance.now();
  const question = { url, connections, ms, ...sendingTo('bench', '{"n":1}') };
  const { requests, perSecond } = await askChild<LoadAnswer>(new URL('./load-generator.js', import.meta.url), question);
  await untilEmpty(client, 'bench');
  const seconds = (performance.now() - began) / 1000;
  return { sent: perSecond * BATCH, handled: (requests * BATCH) / seconds };
}
