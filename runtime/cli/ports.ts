import type { inspectModule } from '../isolate/index.ts';
import type { Running, serve } from '../main.ts';
import type { buildFunction } from './toolchain/build.ts';
import type { readProject } from './toolchain/project.ts';
import type { writeTemplate } from './toolchain/template.ts';

/** As much of a running Isola as the commands need. */
export type Served = Pick<Running, 'url' | 'publicUrl' | 'dataDir' | 'credentialsFile' | 'functions' | 'stop'>;

/** Starts Isola in this process: `serve` of main.ts, given its environment. */
export type StartIsola = (...env: Required<Parameters<typeof serve>>) => Promise<Served>;

/** What the toolchain offers the commands. Its errors are sentences for the user. */
export interface Toolchain {
  readonly readProject: typeof readProject;
  readonly buildFunction: typeof buildFunction;
  readonly writeTemplate: typeof writeTemplate;
}

/** Looks at modules as a deploy would. */
export interface Inspector {
  /** The module that a package runs: a zip's by its handler, a bare module itself. Throws a sentence for the user. */
  readonly openModule: (bytes: Uint8Array, handler: string) => Promise<Uint8Array>;
  readonly inspectModule: typeof inspectModule;
}
