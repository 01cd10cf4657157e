#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import type { Host } from './command.ts';
import { COMMANDS } from './commands.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { createProgress } from './progress.ts';
import { runCommandLine } from './run.ts';
import { colourStyle, plainStyle } from './style.ts';
import { loadInspector, loadServer, loadToolchain } from './wiring.ts';

const home = PACKAGE_ROOT;
const { version } = JSON.parse(await readFile(`${home}/package.json`, 'utf8')) as { version: string };
const progress = createProgress(process.stderr);
const coloured = process.stdout.isTTY && process.stderr.isTTY && !process.env.NO_COLOR;

const host: Host = {
  env: process.env,
  cwd: process.cwd(),
  home,
  style: coloured ? colourStyle : plainStyle,
  progress: progress.step,
  note(text) {
    progress.clear();
    process.stderr.write(`${text}\n`);
  },
  write(part) {
    progress.clear();
    return write(process.stdout, part);
  },
  readStdin: async () => (await import('node:stream/consumers')).buffer(process.stdin),
  toolchain: loadToolchain,
  startIsola: loadServer,
  inspector: loadInspector,
};

const { stdout, stderr, exitCode } = await runCommandLine(process.argv.slice(2), COMMANDS, host, version);
progress.clear();
await write(process.stdout, stdout);
await write(process.stderr, stderr);
// A server that could not start may have left threads behind, and nothing else is left to do.
if (exitCode !== 0) process.exit(exitCode);

function write(stream: NodeJS.WriteStream, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}
