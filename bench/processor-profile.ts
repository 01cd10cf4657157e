import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { formatTable } from './table.ts';

const MOST_ROWS = 20;

/** V8's processor profile, as `node --cpu-prof` writes it. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Where the processor's time went that is not idle, by the function that ran: of the main thread, and of all others together. */
export function formatProfiles(folder: string): string {
  const files = readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'));
  const isMain = (file: string): boolean => file.split('.')[4] === '0';
  const part = (title: string, names: readonly string[]): string => {
    const profiles = names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile);
    return `${title}\n${formatTable(['function', 'of its time'], toRows(profiles))}\n`;
  };
  return [
    part(
      'The main thread',
      files.filter((file) => isMain(file)),
    ),
    part(
      'Threads that run guests',
      files.filter((file) => !isMain(file)),
    ),
  ].join('\n');
}

function toRows(profiles: readonly Profile[]): [string, string][] {
  const spent = new Map<string, number>();
  let all = 0;
  for (const { nodes, samples, timeDeltas } of profiles) {
    const names = new Map(nodes.map(({ id, callFrame }) => [id, toName(callFrame)]));
    for (const [index, id] of samples.entries()) {
      const name = names.get(id) as string;
      const us = timeDeltas[index] ?? 0;
      if (name === '(idle)') continue;
      all += us;
      spent.set(name, (spent.get(name) ?? 0) + us);
    }
  }
  return [...spent]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_ROWS)
    .map(([name, us]) => [name, `${((100 * us) / all).toFixed(1)}%`]);
}

function toName({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const name = functionName || '(anonymous)';
  return url === '' ? name : `${name}  ${basename(url)}:${lineNumber + 1}`;
}
