import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../runtime/cli/command.ts';
import { COMMANDS } from '../../runtime/cli/commands.ts';
import type { StartIsola, Toolchain } from '../../runtime/cli/ports.ts';
import { type Ended, runCommandLine } from '../../runtime/cli/run.ts';
import { plainStyle } from '../../runtime/cli/style.ts';
import { loadInspector } from '../../runtime/cli/wiring.ts';

export interface Typed extends Ended {
  readonly notes: readonly string[];
  readonly steps: readonly string[];
  /** What was written before the command had ended. */
  readonly parts: readonly string[];
}

export interface Shell {
  readonly cwd: string;
  readonly env: Record<string, string | undefined>;
  stdin: string;
  home: string;
  startIsola: StartIsola;
  toolchain: Toolchain;
  /** Told of each part that is written; what it throws is what the terminal says. */
  wrote: (part: string) => void;
  /** Runs one command line as if typed, without starting a process. */
  type(...argv: readonly string[]): Promise<Typed>;
  remove(): Promise<void>;
}

export const MODULE: Uint8Array = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

const fakeToolchain: Toolchain = {
  readProject: async (folder) => ({
    name: folder.split('/').at(-1) ?? '',
    description: 'for tests',
    handler: 'index.handler',
    memory: 256,
    timeout: 5,
    ephemeralStorage: 1024,
    environment: { STAGE: 'test' },
    grants: [],
    url: true,
  }),
  async buildFunction(folder, report) {
    report(`compiling ${folder.split('/').at(-1)}`);
    return { wasm: MODULE, handler: 'index.handler', outFile: `${folder}/build/module.wasm` };
  },
  writeTemplate: async () => ['assembly/index.ts', 'isola.json'],
};

/** A shell in a fresh folder, with a key in its environment. */
export async function createShell(env: Record<string, string | undefined> = {}): Promise<Shell> {
  const cwd = await mkdtemp(join(tmpdir(), 'isola-cli-'));
  const shell: Shell = {
    cwd,
    env: { AWS_ACCESS_KEY_ID: 'KEY', AWS_SECRET_ACCESS_KEY: 'SECRET', ...env },
    stdin: '',
    home: cwd,
    startIsola: () => Promise.reject(new Error('not started in this test')),
    toolchain: fakeToolchain,
    wrote: () => undefined,
    async type(...argv) {
      const notes: string[] = [];
      const steps: string[] = [];
      const parts: string[] = [];
      const host: Host = {
        env: shell.env,
        cwd,
        home: shell.home,
        style: plainStyle,
        progress: (line) => steps.push(line),
        note: (text) => notes.push(text),
        async write(part) {
          parts.push(Buffer.from(part).toString());
          shell.wrote(parts.at(-1) as string);
        },
        readStdin: async () => Buffer.from(shell.stdin),
        toolchain: async () => shell.toolchain,
        startIsola: async () => shell.startIsola,
        inspector: loadInspector,
      };
      return { ...(await runCommandLine(argv, COMMANDS, host, '1.2.3')), notes, steps, parts };
    },
    remove: () => rm(cwd, { recursive: true }),
  };
  return shell;
}
