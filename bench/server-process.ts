import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HttpClient } from './http-client.ts';

/** A server in a process of its own, as a user would start it. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The command lines of the two servers that are compared. */
export const ISOLA: readonly string[] = [scriptOf('../isola/isola.js'), 'serve', '--json'];
export const BARE: readonly string[] = [scriptOf('./bare-server.js')];

/** Variables of an Isola whose functions lie in `dataDir`: no signatures, no log. Port 0 lets the system choose. */
export function isolaEnv(dataDir: string, port = 0): Record<string, string> {
  return { ISOLA_DATA_DIR: dataDir, ISOLA_AUTH: 'off', ISOLA_LOG: 'off', ISOLA_PORT: String(port) };
}

/** Starts a process without waiting for anything. */
export function spawnServer(argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ISOLA_'));
  const all = { ...Object.fromEntries(inherited), ...env };
  return endWithBench(spawn(process.execPath, [...argv], { env: all, stdio: ['ignore', 'pipe', 'inherit'] }));
}

const running = new Set<ChildProcess>();

/** Leaves no server behind, however the bench ends. */
export function endWithBench(child: ChildProcess): ChildProcess {
  if (running.size === 0) {
    process.once('exit', endAll);
    process.once('SIGTERM', exitTerminated);
  }
  running.add(child);
  child.once('exit', () => {
    running.delete(child);
    if (running.size > 0) return;
    process.off('exit', endAll);
    process.off('SIGTERM', exitTerminated);
  });
  return child;
}

function endAll(): void {
  for (const child of running) child.kill();
}

function exitTerminated(): void {
  process.exit(143);
}

/** Starts a server that says its URL as a line of JSON, and waits for that. With `profile`, it leaves processor profiles in that folder when it stops. */
export async function startServer(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  { profile }: { readonly profile?: string | undefined } = {},
): Promise<ServerProcess> {
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`];
  const child = spawnServer([...profiling, ...argv], env);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  for await (const line of lines) {
    const url = urlOf(line);
    if (url !== undefined) return { url, pid: child.pid as number, stop: () => stopServer(child) };
  }
  throw new Error(`${argv.join(' ')} ended before it listened`);
}

export async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

const RETRY_MS = 1;

/** Asks a process that starts again and again until it listens, and waits for its answer. */
export async function firstAnswer(child: ChildProcess, port: number, path: string, event: string): Promise<void> {
  const client = new HttpClient(`http://127.0.0.1:${port}`);
  try {
    for (;;) {
      const answered = await client.post(path, event).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ECONNREFUSED' || child.exitCode !== null) throw error;
      });
      if (answered) return;
      await delay(RETRY_MS);
    }
  } finally {
    client.close();
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function urlOf(line: string): string | undefined {
  try {
    return (JSON.parse(line) as { url?: string }).url;
  } catch {
    return undefined;
  }
}

function scriptOf(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
