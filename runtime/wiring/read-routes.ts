import { readFileSync } from 'node:fs';
import type { ApiRecord } from '../apis/index.ts';
import { parseRoutesFile } from '../apis/routes-file.ts';
import type { Config } from '../config.ts';
import { ConfigError } from '../config-error.ts';

/** The APIs that the operator's file names. Throws a ConfigError for a file that cannot be read or used. */
export function readRoutes({ region, accountId, routes }: Config): readonly ApiRecord[] {
  if (routes === undefined) return [];
  try {
    return parseRoutesFile(readFileSync(routes, 'utf8'), { region, accountId, now: Date.now() });
  } catch (error) {
    throw new ConfigError(`ISOLA_ROUTES=${routes} is not usable: ${(error as Error).message}`);
  }
}
