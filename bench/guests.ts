import { readFileSync } from 'node:fs';
import createWabt from 'wabt';
import type { FunctionVersion } from '../runtime/contract/function-version.ts';

/** The guest of guests/heap.wat with a heap of so many KiB, as a module. */
export function compileHeapGuest(heapKib: number): Promise<Uint8Array> {
  const pages = Math.max(1, heapKib / 64);
  return compileGuest('heap', { HEAP_PAGES: pages, HEAP_BYTES: pages * 65_536 });
}

/** A guest of guests/ as a module, with numbers put in where its text has their names. */
export async function compileGuest(name: string, numbers: Readonly<Record<string, number>> = {}): Promise<Uint8Array> {
  const file = readFileSync(new URL(`../../bench/guests/${name}.wat`, import.meta.url), 'utf8');
  const text = Object.entries(numbers).reduce((so, [word, value]) => so.replaceAll(word, String(value)), file);
  const parsed = (await createWabt()).parseWat(`${name}.wat`, text);
  try {
    return parsed.toBinary({}).buffer;
  } finally {
    parsed.destroy();
  }
}

/** The same program as a module of its own: a custom section makes its bytes, and so its artifact, unlike any other. */
export function toDistinctModule(module: Uint8Array, index: number): Uint8Array {
  const content = [...Buffer.from(`\u0005bench${index}`)];
  return Uint8Array.from([...module, 0, content.length, ...content]);
}

/** A version that runs a buffer guest, without a registry. */
export function toBenchVersion(
  revision: string,
  memoryMb: number,
  isolation: FunctionVersion['isolation'],
): FunctionVersion {
  return {
    ...{ arn: 'arn:aws:lambda:us-east-1:000000000000:function:bench', name: 'bench', version: '$LATEST', revision },
    ...{
      artifact: revision,
      image: revision,
      package: '',
      role: '',
      handler: 'index.handler',
      timeoutMs: 3_000,
      memoryMb,
    },
    ...{
      ephemeralStorageMb: 512,
      environment: {},
      logGroup: '/aws/lambda/f',
      logStream: '2026/11/21/[$LATEST]0f0f',
      isolation,
      fuelBudget: Number.POSITIVE_INFINITY,
    },
  };
}
