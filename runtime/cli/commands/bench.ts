import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arguments, Command, Host, Result } from '../command.ts';
import { CliError, UsageError } from '../failure.ts';
import { findNearest } from '../nearest.ts';

const QUESTIONS = [
  ...['cold', 'density', 'start', 'many', 'throughput', 'overload', 'events', 'writes', 'soak', 'fuel', 'compare'],
  'goals',
];

export const benchCommand: Command = {
  name: 'bench',
  synopsis: '[question]',
  summary: `measure this machine: ${QUESTIONS.slice(0, -1).join(', ')}`,
  positionals: { min: 0, max: 1 },
  options: {
    short: { type: 'flag', help: 'fewer rounds' },
    function: {
      type: 'text',
      value: 'FOLDER|file.wasm',
      help: 'measure your own function beside the small one (cold, throughput)',
    },
    event: { type: 'text', value: 'FILE', help: 'the event to call it with (default {})' },
    pictures: { type: 'text', value: 'FOLDER', help: 'write SVG pictures there' },
    peer: { type: 'text', value: 'NAME,NAME', help: 'runtimes to compare with (compare): workerd, extism, fun' },
    only: { type: 'text', value: 'PART', help: 'one part of the question (overload, events)' },
    minutes: { type: 'text', value: 'N', help: 'how long a steady load lasts (overload)' },
    modules: { type: 'text', value: 'FOLDER', help: 'where they are installed (default: here)' },
    profile: {
      type: 'text',
      value: 'FOLDER',
      help: 'write processor profiles of the loaded server there (throughput)',
    },
    heap: { type: 'list', value: 'MIB', help: 'measure this heap only, repeatable (default: a range of them)' },
  },
  run: bench,
};

async function bench(args: Arguments, host: Host): Promise<Result> {
  const heaps = parseHeaps(args);
  const [question = 'goals'] = args.positionals;
  if (!QUESTIONS.includes(question)) {
    const near = findNearest(question, QUESTIONS);
    throw new UsageError(
      `There is no bench \`${question}\`${near ? `; did you mean \`isola bench ${near}\`?` : `: ask ${QUESTIONS.join(', ')}.`}`,
    );
  }
  const script = join(host.home, 'dist/bench/bench.js');
  await access(script).catch(() => {
    throw new CliError(
      `The benches are not installed here (${script}): clone the repository and run \`npm run bench\`.`,
    );
  });
  const flags = ['short', 'json'].filter((name) => args.flag(name)).map((name) => `--${name}`);
  const values = ['function', 'event', 'pictures', 'peer', 'modules', 'profile', 'only', 'minutes'].flatMap((name) => {
    const value = args.text(name);
    return value === undefined ? [] : [`--${name}`, value];
  });
  const child = spawn(process.execPath, [script, ...args.positionals, ...flags, ...values, ...heaps], {
    cwd: host.cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new CliError(`The bench ${question} failed with exit code ${code}.`);
  const text = output.trimEnd();
  return { json: args.flag('json') ? JSON.parse(text.split('\n').at(-1) ?? '') : null, text };
}

function parseHeaps(args: Arguments): readonly string[] {
  return args.list('heap').flatMap((heap) => {
    if (!/^[1-9]\d{0,3}$/.test(heap)) throw new UsageError(`--heap takes MiB from 1 to 9999, not \`${heap}\`.`);
    return ['--heap', heap];
  });
}
