import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signed } from '../e2e/mis-signed.ts';
import { readKey } from '../support/query-client.ts';
import { type HostileIsola, startHostileIsola } from './hostile-isola.ts';
import { open } from './raw-client.ts';

/** Exchanges of random bytes; `HOSTILE_FUZZ=100000` for the record, and the seed of a failure runs it again. */
const RUNS = Number(process.env.HOSTILE_FUZZ ?? 2_000);
const SEED = Number(process.env.HOSTILE_SEED ?? 6);
/** Connections at a time. */
const ABREAST = 50;

let hostile: HostileIsola;
let valid: readonly Buffer[];
beforeAll(async () => {
  hostile = await startHostileIsola({ growthBytes: 256 * 1024 * 1024 });
  const { url, process: server } = hostile.isola;
  await hostile.isola.openUrl('neighbour');
  const path = '/2015-03-31/functions/neighbour/invocations';
  const request = await signed(url, { method: 'POST', path, body: '{"a":1}' }, readKey(server.credentialsFile));
  const lines = Object.entries({ ...request.headers, 'content-length': '7' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  valid = [
    [`POST ${path} HTTP/1.1`, ...lines, '', '{"a":1}'],
    ['GET /healthz HTTP/1.1', 'host: a', '', ''],
    [
      'POST /url/neighbour/x?y=z HTTP/1.1',
      'host: a',
      'cookie: a=b',
      'transfer-encoding: chunked',
      '',
      '3\r\nabc\r\n0\r\n',
      '',
    ],
    ['GET /metrics HTTP/1.0', 'host: a', 'range: bytes=0-1', '', ''],
  ].map((parts) => Buffer.from(parts.join('\r\n')));
});
afterAll(() => hostile.stop());

const ODD = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  ' ',
  ':',
  '%00',
  '\xff',
  '-1',
  '0x',
  'chunked',
  'HTTP/',
  '\r\n\r\n',
  'content-length: 1\r\n',
];
const piece = fc.oneof(
  fc.constantFrom(...ODD).map((text) => Buffer.from(text, 'latin1')),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);
const change = fc.record({ at: fc.nat(), drop: fc.nat(12), piece, kind: fc.constantFrom('splice', 'cut', 'twice') });
type Change = Parameters<Parameters<typeof change.map>[0]>[0];

function mutate(bytes: Buffer, { at, drop, piece, kind }: Change): Buffer {
  const from = at % (bytes.length + 1);
  const [before, after] = [bytes.subarray(0, from), bytes.subarray(from)];
  if (kind === 'cut') return before;
  if (kind === 'twice') return Buffer.concat([before, bytes, after]);
  return Buffer.concat([before, piece, after.subarray(drop)]);
}

/** Sends the bytes in two parts, closes this side or breaks off, and answers what came. */
async function converse(bytes: Buffer, split: number, breaksOff: boolean): Promise<string> {
  const socket = await open(hostile.isola.url);
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.once('end', () => socket.destroy());
  const at = split % (bytes.length + 1);
  socket.write(bytes.subarray(0, at), () => {
    if (breaksOff) socket.resetAndDestroy();
    else socket.end(bytes.subarray(at));
  });
  await closed;
  return answer;
}

it(`answers ${RUNS} conversations of damaged and random bytes without a failure of its own`, async () => {
  const bytes = fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 2_000 }).map((random) => Buffer.from(random)) },
    {
      weight: 5,
      arbitrary: fc
        .record({ which: fc.nat(), changes: fc.array(change, { minLength: 1, maxLength: 4 }) })
        .map(({ which, changes }) => changes.reduce(mutate, valid[which % valid.length] as Buffer)),
    },
  );
  const talk = fc.record({ bytes, split: fc.nat(), breaksOff: fc.boolean() });
  const talks = fc.sample(talk, { numRuns: RUNS, seed: SEED });
  for (let from = 0; from < talks.length; from += ABREAST) {
    const some = talks.slice(from, from + ABREAST);
    const answers = await Promise.all(some.map((each) => converse(each.bytes, each.split, each.breaksOff)));
    for (const [index, answer] of answers.entries()) {
      if (/^HTTP\/1\.1 5/m.test(answer)) expect([some[index]?.bytes.toString('latin1'), answer]).toEqual('no failure');
    }
  }
  await hostile.assertQuiet();
});
