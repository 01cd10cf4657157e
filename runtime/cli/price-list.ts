import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseJsonObject } from '../contract/json.ts';
import type { Prices } from '../contract/usage.ts';
import { CliError } from './failure.ts';

/**
 * Reads a price list: `{"currency": "USD", "perMillionRequests": 0.2, "perGbSecond": 0.0000166667}`. Throws a CliError that says
 * what is wrong with it.
 */
export async function readPriceList(cwd: string, path: string): Promise<Prices> {
  const text = await readFile(resolve(cwd, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(
      `${path} cannot be read (${error.code}): give a file such as {"currency": "USD", "perMillionRequests": 0.2, "perGbSecond": 0.0000166667}.`,
    );
  });
  const given = parseJsonObject(text);
  if (given === undefined) throw new CliError(`${path} is no price list: it must be a JSON object.`);
  const number = (name: string): number => {
    const value = given[name];
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    throw new CliError(`${path} is no price list: "${name}" must be a number from 0 on.`);
  };
  const { currency = 'USD' } = given;
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) {
    throw new CliError(`${path} is no price list: "currency" must be three capital letters.`);
  }
  return { currency, perRequest: number('perMillionRequests') / 1e6, perGbSecond: number('perGbSecond') };
}
