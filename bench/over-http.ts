import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startIsola } from '../runtime/main.ts';
import { toDistinctModule } from './guests.ts';
import { HttpClient } from './http-client.ts';
import { deploy, invoke, timed } from './lambda-calls.ts';
import { type Percentiles, percentiles } from './statistics.ts';
import type { Subject } from './subject.ts';

/** Whole requests on one keep-alive connection, in microseconds, client and server in one process. */
export interface OverHttp {
  /** A bare node:http server that echoes: what no gateway can go below. */
  readonly bare: Percentiles;
  readonly reused: Percentiles;
  readonly fresh: Percentiles;
  /** The first call of a function that was just deployed. */
  readonly cold: Percentiles;
  /** The phases that those first calls reported, in microseconds. */
  readonly coldPhases: Readonly<Record<'compile' | 'worker' | 'instantiate' | 'restore', Percentiles>>;
}

const PHASES = ['compile', 'worker', 'instantiate', 'restore'] as const;

export async function measureOverHttp(subject: Subject, rounds: number, coldFunctions: number): Promise<OverHttp> {
  const dataDir = mkdtempSync(join(tmpdir(), 'isola-bench-'));
  const isola = await startIsola({ ISOLA_PORT: '0', ISOLA_AUTH: 'off', ISOLA_LOG: 'off', ISOLA_DATA_DIR: dataDir });
  const client = new HttpClient(isola.url);
  const bare = await startBare();
  try {
    const { event } = subject;
    await deploy(client, 'fresh', subject);
    await deploy(client, 'reused', subject, { ISOLA_ISOLATION: 'environment' });
    const series = { bare: [] as number[], fresh: [] as number[], reused: [] as number[] };
    for (let round = -rounds / 5; round < rounds; round++) {
      for (const [name, call] of [
        ['bare', () => bare.client.post('/', event)],
        ['fresh', () => invoke(client, 'fresh', event)],
        ['reused', () => invoke(client, 'reused', event)],
      ] as const) {
        const took = await timed(call);
        if (round >= 0) series[name].push(took);
      }
    }
    const cold = await measureCold(client, subject, coldFunctions);
    return {
      bare: percentiles(series.bare),
      reused: percentiles(series.reused),
      fresh: percentiles(series.fresh),
      ...cold,
    };
  } finally {
    client.close();
    await bare.stop();
    await isola.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measureCold(
  client: HttpClient,
  subject: Subject,
  functions: number,
): Promise<Pick<OverHttp, 'cold' | 'coldPhases'>> {
  const whole: number[] = [];
  const phases = {
    compile: [] as number[],
    worker: [] as number[],
    instantiate: [] as number[],
    restore: [] as number[],
  };
  for (let index = 0; index < functions; index++) {
    await deploy(client, `cold-${index}`, { ...subject, module: toDistinctModule(subject.module, index) });
    let log = '';
    whole.push(
      await timed(async () => {
        const { headers } = await invoke(client, `cold-${index}`, subject.event, { 'x-amz-log-type': 'Tail' });
        log = Buffer.from(String(headers['x-amz-log-result']), 'base64').toString();
      }),
    );
    for (const phase of PHASES) {
      const reported = new RegExp(`${phase}: ([0-9.]+) ms`, 'i').exec(log)?.[1];
      if (reported === undefined) throw new Error(`the REPORT line names no ${phase} phase:\n${log}`);
      phases[phase].push(Number(reported) * 1000);
    }
  }
  const { compile, worker, instantiate, restore } = phases;
  return {
    cold: percentiles(whole),
    coldPhases: {
      compile: percentiles(compile),
      worker: percentiles(worker),
      instantiate: percentiles(instantiate),
      restore: percentiles(restore),
    },
  };
}

async function startBare(): Promise<{ client: HttpClient; stop: () => Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => outgoing.end(Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new HttpClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    client,
    stop: () => {
      client.close();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
