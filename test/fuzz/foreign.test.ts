import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WasmRefused } from '../../runtime/wasm/index.ts';
import { compareForeign } from './foreign.ts';
import { keep } from './ledger.ts';
import { CORPUS, timeoutFor } from './settings.ts';

const names = CORPUS === undefined ? [] : readdirSync(CORPUS).filter((name) => name.endsWith('.wasm'));

it.skipIf(CORPUS === undefined)(
  'changes nothing that modules of other generators do, for the same fuel in any slices',
  {
    timeout: timeoutFor(names.length),
  },
  () => {
    const fuel: Record<string, string> = {};
    const count = { lacking: 0, refused: 0, calls: 0 };
    for (const name of names) {
      const input = readFileSync(join(CORPUS!, name));
      if (!WebAssembly.validate(input)) {
        count.lacking++;
        continue;
      }
      try {
        const used = compareForeign(input);
        fuel[name] = used.join();
        count.calls += used.length;
      } catch (error) {
        if (!(error instanceof WasmRefused)) throw new Error(name, { cause: error });
        count.refused++;
      }
    }
    keep('foreign', fuel);
    process.stdout.write(
      `modules of others: ${Object.keys(fuel).length} of ${names.length} run, ${JSON.stringify(count)}\n`,
    );
    expect(Object.keys(fuel).length).toBeGreaterThan(0);
  },
);
