import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { EPHEMERAL_STORAGE_MB, MEMORY_MB, TIMEOUT_SECONDS } from '../../contract/limits.ts';
import type { Grant } from '../grant.ts';
import { BuildError } from './build-error.ts';

/** What `isola.json` says of a function. Every field may be left out; the defaults are Lambda's. */
export interface Project {
  /** Function name; the folder's name when left out. */
  readonly name: string;
  readonly description: string;
  /** The file to compile or take, relative to the folder; found by looking when left out. */
  readonly entry?: string;
  /** Lambda's Handler: what follows the last dot names the export. */
  readonly handler: string;
  /** MemorySize in MB. */
  readonly memory: number;
  /** Timeout in seconds. */
  readonly timeout: number;
  /** Size of /tmp in MB. */
  readonly ephemeralStorage: number;
  readonly environment: Readonly<Record<string, string>>;
  /** What the function asks leave for, as statements of its role's policy; nothing when left out. */
  readonly grants: readonly Grant[];
  /** Whether the function is to be called at a public URL; `stream`: at one that hands on what the function streams. */
  readonly url: boolean | 'stream';
}

const FIELDS = [
  'name',
  'description',
  'entry',
  'handler',
  'memory',
  'timeout',
  'ephemeralStorage',
  'environment',
  'grants',
  'url',
];

/** Reads `isola.json` of a folder; a folder without one is a project with every default. Throws a BuildError. */
export async function readProject(folder: string): Promise<Project> {
  const text = await readFile(join(folder, 'isola.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw new BuildError(`isola.json cannot be read: ${error.message}`);
  });
  return parseProject(text, basename(resolve(folder)));
}

/** Turns the text of an `isola.json` into a Project, or throws a BuildError that names the field. */
export function parseProject(text: string, folderName: string): Project {
  const fields = parseObject(text);
  for (const field of Object.keys(fields)) {
    if (!FIELDS.includes(field)) {
      throw new BuildError(`isola.json: "${field}" is not a setting. Settings are: ${FIELDS.join(', ')}.`);
    }
  }
  const entry = fields.entry === undefined ? undefined : parseEntry(fields);
  return {
    name: parseText(fields, 'name', folderName, /^[a-zA-Z0-9-_]{1,64}$/, 'letters, digits, - and _, at most 64'),
    description: parseText(fields, 'description', '', /^[\s\S]{0,256}$/, 'at most 256 characters'),
    ...(entry === undefined ? {} : { entry }),
    handler: parseText(fields, 'handler', 'index.handler', /^\S{1,128}$/, 'at most 128 characters without spaces'),
    memory: parseInteger(fields, 'memory', MEMORY_MB),
    timeout: parseInteger(fields, 'timeout', TIMEOUT_SECONDS),
    ephemeralStorage: parseInteger(fields, 'ephemeralStorage', EPHEMERAL_STORAGE_MB),
    environment: parseEnvironment(fields.environment),
    grants: parseGrants(fields.grants),
    url: parseUrl(fields.url),
  };
}

function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BuildError(`isola.json is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isJsonObject(value)) {
    throw new BuildError('isola.json must hold an object.');
  }
  return value;
}

function parseText(fields: JsonObject, field: string, fallback: string, pattern: RegExp, expected: string): string {
  const value = fields[field] ?? fallback;
  if (typeof value !== 'string' || !pattern.test(value)) {
    const from = fields[field] === undefined ? " (taken from the folder's name; set it in isola.json)" : '';
    throw new BuildError(`isola.json: "${field}" must be ${expected}, and is ${JSON.stringify(value)}${from}.`);
  }
  return value;
}

function parseEntry(fields: JsonObject): string {
  const entry = parseText(fields, 'entry', '', /^[\s\S]+\.(ts|c|wasm)$/, 'the path of a .ts, .c or .wasm file');
  if (/^([/\\]|[a-zA-Z]:)/.test(entry) || entry.split(/[/\\]/).includes('..')) {
    throw new BuildError(`isola.json: "entry" must lie in the project's folder, and is ${JSON.stringify(entry)}.`);
  }
  return entry;
}

function parseInteger(
  fields: JsonObject,
  field: string,
  range: { readonly min: number; readonly max: number; readonly default: number },
): number {
  const value = fields[field] ?? range.default;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < range.min || value > range.max) {
    const expected = `a whole number from ${range.min} to ${range.max}`;
    throw new BuildError(`isola.json: "${field}" must be ${expected}, and is ${JSON.stringify(value)}.`);
  }
  return value;
}

function parseEnvironment(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!isJsonObject(value)) {
    throw new BuildError('isola.json: "environment" must be an object of strings.');
  }
  for (const [name, text] of Object.entries(value)) {
    if (!/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name)) {
      throw new BuildError(`isola.json: "${name}" cannot name an environment variable.`);
    }
    if (typeof text !== 'string') {
      throw new BuildError(`isola.json: the environment variable ${name} must be a string.`);
    }
  }
  return value as Readonly<Record<string, string>>;
}

function parseGrants(value: unknown): readonly Grant[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isGrant)) return value.map(({ action, resource }) => ({ action, resource }));
  throw new BuildError('isola.json: "grants" must be a list of {"action", "resource"}, each a string or several.');
}

function isGrant(value: unknown): value is Grant {
  const isNamed = (part: unknown): boolean =>
    Array.isArray(part) ? part.length > 0 && part.every((one) => typeof one === 'string') : typeof part === 'string';
  if (typeof value !== 'object' || value === null) return false;
  const { action, resource, ...others } = value as Readonly<Record<string, unknown>>;
  return isNamed(action) && isNamed(resource) && Object.keys(others).length === 0;
}

function parseUrl(value: unknown): Project['url'] {
  if (value === undefined) return false;
  if (typeof value === 'boolean' || value === 'stream') return value;
  throw new BuildError('isola.json: "url" must be true or false, or "stream".');
}
