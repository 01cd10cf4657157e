import type { Cors } from '../contract/cors.ts';
import { badRequest } from './api-error.ts';
import { assertRange, type Given, present } from './given.ts';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,1024}$/;
const METHOD = /^(?:\*|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT)$/;
const ORIGIN = /^(?:\*|https?:\/\/[\x21-\x7e]{1,253}|[a-z][a-z0-9+.-]*:\/\/[\x21-\x7e]{1,253})$/i;
const MOST_ITEMS = 100;
const MOST_AGE = 86_400;

/** Checks a Cors configuration: its texts end up in headers. Throws an ApiError. */
export function toCorsSettings(given: Given<Cors>): Cors | undefined {
  assertItems('allowHeaders', given.allowHeaders, TOKEN);
  assertItems('exposeHeaders', given.exposeHeaders, TOKEN);
  assertItems('allowMethods', given.allowMethods, METHOD);
  assertItems('allowOrigins', given.allowOrigins, ORIGIN);
  assertRange('corsConfiguration.maxAge', given.maxAge, { min: -1, max: MOST_AGE });
  const { allowCredentials, allowHeaders, allowMethods, allowOrigins, exposeHeaders, maxAge } = given;
  if (allowCredentials && [allowHeaders, allowMethods, allowOrigins].some((items) => items?.includes('*'))) {
    throw badRequest('allowCredentials is not supported when allowHeaders, allowMethods or allowOrigins has a *.');
  }
  const settings = present({ allowCredentials, allowHeaders, allowMethods, allowOrigins, exposeHeaders, maxAge });
  return Object.keys(settings).length === 0 ? undefined : (settings as Cors);
}

/** The settings for one origin: `https://*` and `http://*` stand for all that begin so. */
export function settingsFor(settings: Cors | undefined, origin: string | undefined): Cors | undefined {
  if (settings?.allowOrigins === undefined || origin === undefined) return settings;
  const [scheme] = /^https?:\/\//i.exec(origin) ?? [];
  if (scheme === undefined || !settings.allowOrigins.includes(`${scheme.toLowerCase()}*`)) return settings;
  return { ...settings, allowOrigins: [...settings.allowOrigins, origin] };
}

function assertItems(name: string, items: readonly string[] | undefined, pattern: RegExp): void {
  if (items === undefined) return;
  if (items.length > MOST_ITEMS) throw badRequest(`Invalid ${name}: there may be ${MOST_ITEMS} at the most.`);
  const odd = items.find((item) => !pattern.test(item));
  if (odd !== undefined) throw badRequest(`Invalid ${name}: ${odd.slice(0, 128)}`);
}
