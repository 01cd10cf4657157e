import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatProfiles } from '../../bench/processor-profile.ts';

it('says where the time of the main thread and of the others went that was not idle', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isola-profile-'));
  try {
    const node = (id: number, functionName: string, url: string) => ({
      id,
      callFrame: { functionName, url, lineNumber: 9 },
    });
    const nodes = [node(1, '(idle)', ''), node(2, 'send', 'file:///x/exchange.js'), node(3, '', 'file:///x/y.js')];
    const write = (name: string, samples: number[], timeDeltas: number[]) =>
      writeFile(join(folder, name), JSON.stringify({ nodes, samples, timeDeltas }));
    await write('CPU.20260101.000000.77.0.001.cpuprofile', [1, 2, 3, 2], [900, 40, 20, 40]);
    await write('CPU.20260101.000000.77.1.002.cpuprofile', [3, 1], [5, 900]);
    await write('CPU.20260101.000000.77.2.003.cpuprofile', [3, 2], [5, 30]);
    const rows = formatProfiles(folder).match(/^\S.*%$/gm);
    expect(rows?.map((row) => row.replaceAll(/ +/g, ' '))).toEqual([
      'send exchange.js:10 80.0%',
      '(anonymous) y.js:10 20.0%',
      'send exchange.js:10 75.0%',
      '(anonymous) y.js:10 25.0%',
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
