import type { FunctionVersion } from './function-version.ts';

/** Which group and stream lines belong to, and whose role must allow it. */
export type LinesOwner = Pick<FunctionVersion, 'arn' | 'role' | 'logGroup' | 'logStream'>;

/** What invocations of one version left in the log, an entry each, as `events/logged-invocation` writes it. */
export interface FunctionLines {
  readonly owner: LinesOwner;
  readonly entries: readonly string[];
  /** When the first and the last of them ended, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** Resolves when a crash of the process loses nothing of what may be kept; rejects when it is lost. */
export type KeepLines = (lines: readonly FunctionLines[]) => Promise<void>;
