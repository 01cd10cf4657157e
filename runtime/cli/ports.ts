/** A running Isola, as `runtime/main.ts` answers it. */
export interface Running {
  /** Base URL of the Lambda API and of function URLs, without a trailing slash. */
  readonly url: string;
  readonly dataDir: string;
  readonly credentialsFile: string;
  stop(): Promise<void>;
}

export type StartIsola = (env: Readonly<Record<string, string | undefined>>) => Promise<Running>;

/** What `isola.json` says of a function, with Lambda's defaults for what it leaves out. */
export interface Project {
  readonly name: string;
  /** Lambda's Handler, e.g. `index.handler`. */
  readonly handler: string;
  /** MemorySize in MB. */
  readonly memory: number;
  /** Timeout in seconds. */
  readonly timeout: number;
  readonly environment: Readonly<Record<string, string>>;
  /** True when the function is to be called at a public URL. */
  readonly url: boolean;
}

/** A folder turned into a module. */
export interface BuiltFunction {
  readonly wasm: Uint8Array;
  /** Lambda's Handler, e.g. `index.handler`. */
  readonly handler: string;
}

/** What the toolchain offers the commands. Its errors are sentences for the user. */
export interface Toolchain {
  readProject(folder: string): Promise<Project>;
  buildFunction(folder: string, report: (line: string) => void): Promise<BuiltFunction>;
  /** Writes a project that builds as it stands into an empty folder; answers the files written, relative to it. */
  writeTemplate(folder: string, name: string): Promise<readonly string[]>;
}
