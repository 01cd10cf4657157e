/** What a bench is asked for. */
export interface BenchOptions {
  /** Fewer rounds: minutes become seconds, percentiles become rougher. */
  readonly short: boolean;
  /** Only these heaps, in MiB; the bench's own choice when absent. */
  readonly heaps?: readonly number[];
  /** A user's own module or folder, and a file with its event. */
  readonly function?: string;
  readonly event?: string;
  /** Runtimes to compare with, by name; all that are installed when absent. */
  readonly peers?: readonly string[];
  /** Where they are installed: a folder with node_modules in or above it. The working directory when absent. */
  readonly modules?: string;
  /** How long a steady load lasts; the bench's own choice when absent. */
  readonly minutes?: number;
  /** Only this part of the bench. */
  readonly only?: string;
  /** Folder for processor profiles of Isola under the load, of each of its threads one; figures are not to be trusted then. */
  readonly profile?: string;
}

/** What a bench answers: figures for machines, a table for people, pictures by file name. */
export interface BenchResult {
  readonly figures: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** What was measured and what was not, for people. */
  readonly scope?: string;
  readonly pictures: Readonly<Record<string, string>>;
  /** Promises of budgets.ts that were measured: whether each is met. */
  readonly budgets: readonly { readonly promise: string; readonly measured: string; readonly met: boolean }[];
}

/** A bench cannot answer for a reason that the user can change; the message says what to do. */
export class BenchFailed extends Error {
  override readonly name = 'BenchFailed';
}
