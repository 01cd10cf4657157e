/** How much is run: little by default, as much as CONTRIBUTING says for the record. */
function count(name: string, normally: number): number {
  const given = process.env[name];
  if (given === undefined) return normally;
  const value = Number(given);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} is no number`);
  return value;
}

/** The first seed, and how many random modules follow from it. */
export const SEED: number = count('FUZZ_SEED', 1);
export const RUNS: number = count('FUZZ_RUNS', 200);
export const MUTATIONS: number = count('FUZZ_MUTATIONS', 6000);
/** A folder of modules that other generators made. */
export const CORPUS: string | undefined = process.env.FUZZ_CORPUS;
/** A folder to write the fuel of everything that runs to. */
export const LEDGER: string | undefined = process.env.FUZZ_LEDGER;

/** Long runs take their time: a generous part of a second each. */
export function timeoutFor(runs: number): number {
  return 60_000 + runs * 500;
}
