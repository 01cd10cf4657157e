import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import type { Readable } from 'node:stream';

/** The real thing: `isola serve` in a process of its own, on a port that the system chooses. */
export interface ServerProcess {
  readonly pid: number;
  readonly url: string;
  readonly credentialsFile: string;
  /** What it has printed so far. */
  output(): string;
  /** Its exit code when it has ended; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Its standard output, which is read until somebody stops that. */
  readonly stdout: Readable;
  /** Ends it as an operator would. */
  stop(): Promise<void>;
  /** Ends it at once, by SIGKILL. */
  kill(): Promise<void>;
}

/**
 * Rejects with what the process printed when it ends instead of serving. `within` is a command that becomes the one that it is
 * given in further arguments.
 */
export async function startServer(
  env: Readonly<Record<string, string>>,
  within: readonly string[] = [],
): Promise<ServerProcess> {
  const command = [...within, process.execPath, 'dist/runtime/cli/isola.js', 'serve', '--json'];
  const child = spawn(command[0] as string, command.slice(1), {
    env: { ...process.env, ISOLA_PORT: '0', ISOLA_LOG: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const gone = once(child, 'exit');
  const greeting = (): string | undefined => text.split('\n').find((line) => /^\{"url".*\}$/.test(line));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await gone;
  };
  const stopped = new AbortController();
  void gone.then(() => stopped.abort());
  try {
    if (greeting() === undefined) {
      for await (const _ of on(child.stdout, 'data', { signal: stopped.signal })) if (greeting() !== undefined) break;
    }
  } catch {
    throw new Error(text);
  }
  const { url, credentialsFile } = JSON.parse(greeting() as string) as { url: string; credentialsFile: string };
  return {
    ...{ pid: child.pid ?? 0, stdout: child.stdout, url, credentialsFile, output: () => text },
    ended: gone.then(([code]) => code as number | null),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
