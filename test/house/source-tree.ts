import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type Lexed, lex } from './lexer.ts';

export interface SourceFile extends Lexed {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly specifier: string;
  /** The file it means, when it is relative. */
  readonly file: string | undefined;
  /** True when nothing of it is left after compilation. */
  readonly typeOnly: boolean;
  /** True for `import('...')`: loaded when that is reached. */
  readonly dynamic: boolean;
}

/** A finding of a rule: where, and what to do. */
export type Violation = string;
export type Rule = (files: readonly SourceFile[]) => readonly Violation[];

/** Every TypeScript file below the folders; a folder that is not there is empty. */
export function readTree(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) => pathsUnder(folder).map((path) => toSourceFile(path, readFileSync(path, 'utf8'))));
}

/** A tree made up for a test, by path. */
export function treeOf(sources: Readonly<Record<string, string>>): readonly SourceFile[] {
  return Object.entries(sources).map(([path, source]) => toSourceFile(path, source));
}

function pathsUnder(folder: string): readonly string[] {
  try {
    return readdirSync(join(process.cwd(), folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'))
      .map((entry) => posix.join(folder, entry.parentPath.slice(join(process.cwd(), folder).length), entry.name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function toSourceFile(path: string, source: string): SourceFile {
  const lexed = lex(source);
  return { path, lines: source.split('\n').length - 1, imports: findImports(path, source, lexed.code), ...lexed };
}

/** `from '...'`, `import '...'` and `import('...')`: static, side-effect, dynamic and type imports alike. */
const SPECIFIER = /\b(?:from|import|import\s*\()\s*(['"])( *)\1/g;
const TYPE_STATEMENT = /\b(?:import|export)\s+type\s+(?:(?!\b(?:import|export)\b)[^;])*$/;

function findImports(path: string, source: string, code: string): readonly Import[] {
  return [...code.matchAll(SPECIFIER)].map((match) => {
    const start = match.index + match[0].length - match[2]!.length - 1;
    const specifier = source.slice(start, start + match[2]!.length);
    const file = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
    const dynamic = match[0].includes('(');
    return { specifier, file, dynamic, typeOnly: TYPE_STATEMENT.test(code.slice(0, match.index)) };
  });
}
