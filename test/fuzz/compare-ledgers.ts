import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Compares folders of ledgers with the first: what two of them name must have cost the same. */
const [first, ...others] = process.argv.slice(2);
let compared = 0;
let different = 0;
const read = (folder: string, part: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, part), 'utf8')) as Record<string, unknown>;
for (const part of readdirSync(first!)) {
  const expected = read(first!, part);
  for (const other of others.filter((folder) => existsSync(join(folder, part)))) {
    for (const [name, fuel] of Object.entries(read(other, part))) {
      if (!(name in expected)) continue;
      compared++;
      if (JSON.stringify(fuel) === JSON.stringify(expected[name])) continue;
      different++;
      process.stdout.write(
        `${part} ${name}: ${JSON.stringify(expected[name])} in ${first}, ${JSON.stringify(fuel)} in ${other}\n`,
      );
    }
  }
}
process.stdout.write(`${compared} compared, ${different} different\n`);
process.exitCode = different > 0 || compared === 0 ? 1 : 0;
