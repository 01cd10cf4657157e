import { ConfigError } from './config-error.ts';

/** Environment variables. Whoever reads one throws a ConfigError that names it and says what it may be. */
export type Env = Readonly<Record<string, string | undefined>>;

type NameIn<E> = keyof E & string;

/** What a value must look like, and how to say so. */
export type Form = readonly [pattern: RegExp, words: string];

export function text<E extends Env>(env: E, name: NameIn<E>, fallback: string, form?: Form): string {
  const value = env[name] || fallback;
  if (form && !form[0].test(value)) throw new ConfigError(`${name}=${value} is not usable: it must be ${form[1]}.`);
  return value;
}

/** Items between commas, in lower case. */
export function list<E extends Env>(env: E, name: NameIn<E>, [pattern, words]: Form): readonly string[] {
  const items = (env[name] ?? '').split(',').map((item) => item.trim().toLowerCase());
  const given = items.filter((item) => item !== '');
  const odd = given.find((item) => !pattern.test(item));
  if (odd !== undefined) throw new ConfigError(`${name} is not usable: ${odd} must be ${words}.`);
  return given;
}

/** An http or https origin. */
export function endpoint<E extends Env>(env: E, name: NameIn<E>): string | undefined {
  const value = env[name];
  if (value === undefined || value === '') return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  throw new ConfigError(
    `${name} is not usable: it must be a URL of scheme, host and port, such as http://127.0.0.1:9000.`,
  );
}

/** What cannot be used is not shown: it may be most of a key. */
export function key<E extends Env>(env: E, name: NameIn<E>): string | undefined {
  const value = env[name] || undefined;
  if (value !== undefined && !/^([0-9a-f]{64}|[a-z0-9+/]{43}=?)$/i.test(value)) {
    throw new ConfigError(
      `${name} is not usable: it must be 32 bytes in hex or base64, as \`openssl rand -hex 32\` prints.`,
    );
  }
  return value;
}

export function integer<E extends Env>(
  env: E,
  name: NameIn<E>,
  fallback: number,
  range: { min: number; max: number },
): number {
  const value = env[name];
  if (value === undefined || value === '') return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < range.min || number > range.max) {
    throw new ConfigError(
      `${name}=${value} is not usable: it must be a whole number from ${range.min} to ${range.max}.`,
    );
  }
  return number;
}

export function choice<E extends Env, T extends string>(env: E, name: NameIn<E>, choices: readonly [T, ...T[]]): T {
  const value = env[name] || choices[0];
  if (!choices.includes(value as T))
    throw new ConfigError(`${name}=${value} is not usable: choose one of ${choices.join(', ')}.`);
  return value as T;
}
