import { type AddressInfo, createServer } from 'node:net';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import type { DeployedFunction } from '../service.ts';
import { Member } from './member.ts';
import { toPart } from './messages.ts';
import { toPlaces } from './places.ts';

/** Several processes that serve as one. */
export interface Processes {
  readonly url: string;
  readonly publicUrl: string;
  readonly config: Config;
  readonly dataDir: string;
  readonly credentialsFile: string;
  functions(limit: number): Promise<readonly DeployedFunction[]>;
  stop(): Promise<void>;
}

/**
 * Starts several processes on one port and one data directory: a keeper, which has that directory, and fronts. This one, the
 * supervisor, serves nothing: it starts again who dies, passes on what they log, and stops them together.
 */
export async function startProcesses(config: Config): Promise<Processes> {
  const dataDir = resolve(config.dataDir);
  toPlaces(dataDir);
  const part = toPart({ ...config, dataDir, ...(await choosePorts(config)) });
  let gaveUp = false;
  const events = {
    died: ({ role }: Member, how: string) => say(`The ${role} has died (${how}) and is started again.`),
    gaveUp({ role }: Member) {
      if (gaveUp) return;
      gaveUp = true;
      say(`The ${role} has died again and again: Isola stops.`);
      process.exitCode = 1;
      void stop();
    },
  };
  const keeper = new Member('keeper', part, events);
  const fronts = Array.from({ length: config.processes - 1 }, () => new Member('front', part, events));
  const stop = async (): Promise<void> => {
    await Promise.all([keeper, ...fronts].map((member) => member.stop()));
  };
  try {
    const { url, publicUrl, credentialsFile } = await keeper.start();
    await Promise.all(fronts.map((front) => front.start()));
    return {
      ...{ url, publicUrl, config, dataDir, credentialsFile, stop },
      functions: (limit) => keeper.functions(limit),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ports that the system chooses are chosen once, so that a process that is started again listens on the same. */
async function choosePorts({ host, port, publicPort }: Config): Promise<Pick<Config, 'port' | 'publicPort'>> {
  const [api, visitors] = await Promise.all([
    port === 0 ? freePort(host) : port,
    publicPort === 0 ? freePort(host) : publicPort,
  ]);
  return { port: api, publicPort: visitors };
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
