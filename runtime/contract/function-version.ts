import type { GuestError } from './outcome.ts';

/** How an isolate's state lives between invocations. `invocation`: every call starts from the image. `environment`: Lambda's classic reuse. */
export type Isolation = 'invocation' | 'environment';

/**
 * One deployed version of a function, as the invocation path needs it: resolved, validated, immutable.
 * The registry makes it; dispatch, pool and isolate only read it. It crosses threads by structured clone.
 */
export interface FunctionVersion {
  /** Unqualified function ARN, `arn:aws:lambda:{region}:{account}:function:{name}`. */
  readonly arn: string;
  readonly name: string;
  /** `$LATEST` or a published version number. */
  readonly version: string;
  /** Changes whenever anything in here changes: isolates are keyed by it. */
  readonly revision: string;
  /** Names the rewritten module: `sha256(input, rewriter version)`, hex; empty when nothing was built. */
  readonly artifact: string;
  /**
   * Names what a thread loads to run this version: the artifact, its image under this memory size, the package's files.
   * Versions that share all three share the name. Absent images are rebuilt by running the initialisation.
   */
  readonly image: string;
  /** sha256 (hex) of the uploaded package, whose files appear under /var/task. */
  readonly package: string;
  /** Lambda's Handler, e.g. `index.handler`: the part behind the last dot names the export. */
  readonly handler: string;
  /** ARN of the execution role: what the function may ask of the host. */
  readonly role: string;
  /** Wall-clock limit of one invocation in milliseconds (Lambda's Timeout is in seconds). */
  readonly timeoutMs: number;
  /** MemorySize in MB (MiB, as Lambda counts): hard limit of the guest's linear memory. */
  readonly memoryMb: number;
  /** Size of /tmp in MB. */
  readonly ephemeralStorageMb: number;
  /** What the client set; what Lambda sets itself is added where the guest asks. */
  readonly environment: Readonly<Record<string, string>>;
  /** CloudWatch's names for where its log belongs. A revision has a stream of its own for as long as the process runs. */
  readonly logGroup: string;
  readonly logStream: string;
  /** What of its log is written as JSON, from which level on; absent where the log is text, all of it. */
  readonly jsonLog?: { readonly applicationLevel: string; readonly systemLevel: string };
  readonly isolation: Isolation;
  /** What its invocations answer when no thread can run it: its runtime has no interpreter here. */
  readonly unrunnable?: GuestError;
  /** Total fuel one invocation may burn; `Infinity` when `ISOLA_FUEL` is not set. */
  readonly fuelBudget: number;
}
