import { pathToFileURL } from 'node:url';
import { fromWat } from '../wasm/fixture.ts';
import type { Source } from './script.ts';

type Parse = (text: string) => Uint8Array | Promise<Uint8Array>;

/** Turns module text into binary. */
export interface Assembler {
  /** Undefined for text that is not assembled: quoted, it may be malformed on purpose. */
  assemble(source: Source): Promise<Uint8Array | undefined>;
}

/** Assembles by the module at `path` that exports `parse`, for text that wabt does not know, and by wabt. */
export async function createAssembler(path: string | undefined): Promise<Assembler> {
  const parsers: Parse[] = [fromWat];
  if (path !== undefined) {
    const { parse }: { readonly parse: Parse } = await import(pathToFileURL(path).href);
    parsers.unshift(parse);
  }
  return {
    async assemble(source) {
      if (source.kind === 'binary') return source.bytes;
      for (const parse of parsers) {
        try {
          return await parse(toAscii(source.text));
        } catch {}
      }
      return undefined;
    },
  };
}

/** Other characters stand in strings and comments only, and some assemblers do not take all of them as they are. */
function toAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `\\${byte.toString(16)}`).join(''),
  );
}
