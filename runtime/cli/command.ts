import type { Inspector, StartIsola, Toolchain } from './ports.ts';
import type { Style } from './style.ts';

/** An option of a command, as the help and the parser need it. `list` options may be repeated. */
export interface CommandOption {
  readonly type: 'text' | 'flag' | 'list';
  /** What stands for the value in the help, e.g. `MB`. */
  readonly value?: string;
  readonly help: string;
  /** A letter that stands for it behind one dash. */
  readonly short?: string;
}

/** What was typed, already checked against the command's options. */
export interface Arguments {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  flag(name: string): boolean;
  list(name: string): readonly string[];
}

/** What a command answers. It never prints but by its host: `--json` prints `json`, everything else prints `text`, both to stdout. */
export interface Result {
  readonly json: unknown;
  readonly text: string;
  /** 1 when the work itself failed, e.g. a function error; 0 when absent. */
  readonly exitCode?: number;
}

/** The world of a command: everything it may touch, so that tests give it another one. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The folder of the package, which holds `functions/` and `sdk/`. */
  readonly home: string;
  readonly style: Style;
  /** One line about work in progress, to stderr. */
  progress(line: string): void;
  /** Something worth knowing beside the result, to stderr. */
  note(text: string): void;
  /** A part of the result that is there before the rest, to stdout as it is. */
  write(part: Uint8Array): Promise<void>;
  readStdin(): Promise<Uint8Array>;
  toolchain(): Promise<Toolchain>;
  startIsola(): Promise<StartIsola>;
  inspector(): Promise<Inspector>;
}

/** One verb of the command line. */
export interface Command {
  readonly name: string;
  /** Its arguments in the help, e.g. `[folder|file.wasm]`. */
  readonly synopsis: string;
  readonly summary: string;
  readonly positionals: { readonly min: number; readonly max: number };
  readonly options: Readonly<Record<string, CommandOption>>;
  run(args: Arguments, host: Host): Promise<Result>;
}
