import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { CallError, invalid } from '../call-error.ts';
import type { Caller } from '../caller.ts';
import type { Grants } from '../grants.ts';
import { isPublicAddress } from './addresses.ts';

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly Address[]>;

/** Where a request may go: a URL, and the addresses that were checked and are the only ones to be connected to. */
export interface Destination {
  readonly url: URL;
  /** Without brackets. */
  readonly hostname: string;
  readonly addresses: readonly Address[];
}

export const resolveByDns: Resolve = (hostname) => lookup(hostname, { all: true, verbatim: true });

/** Reads what a guest or a redirect gives as an address. */
export function parseUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base?.href) : undefined;
  if (!url) throw invalid('"url" is not a URL.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw invalid('The URL must be http or https.');
  if (url.username !== '' || url.password !== '') throw invalid('The URL must not hold a user or a password.');
  url.hash = '';
  return url;
}

/** `arn:isola:fetch:::HOST`, with `:PORT` where it is not the scheme's own. */
export function toFetchArn({ hostname, port }: URL): string {
  return `arn:isola:fetch:::${hostname.replace(/\.$/, '')}${port === '' ? '' : `:${port}`}`;
}

/** Asks the grants, resolves the host once, and leaves what may be connected to. Throws a CallError when nothing may. */
export async function admit(caller: Caller, url: URL, grants: Grants, resolve: Resolve): Promise<Destination> {
  const arn = toFetchArn(url);
  await grants.demand(caller, 'isola:Fetch', arn);
  const destination = await reach(url, resolve, () => grants.allows(caller, 'isola:FetchPrivate', arn));
  if (destination !== undefined) return destination;
  throw new CallError(
    'PrivateAddress',
    `${url.host} is not on the public Internet: that needs isola:FetchPrivate on ${arn}.`,
  );
}

/**
 * Resolves the host once, and leaves what may be connected to: its public addresses, or all of a host that may be private.
 * Undefined when nothing may. Throws a CallError for a host without an address.
 */
export async function reach(
  url: URL,
  resolve: Resolve,
  mayBePrivate: () => boolean | Promise<boolean>,
): Promise<Destination | undefined> {
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(hostname);
  const all = family ? [{ address: hostname, family }] : await resolved(hostname, resolve);
  const addresses = all.filter(({ address }) => isPublicAddress(address));
  if (addresses.length > 0) return { url, hostname, addresses };
  return (await mayBePrivate()) ? { url, hostname, addresses: all } : undefined;
}

async function resolved(hostname: string, resolve: Resolve): Promise<readonly Address[]> {
  const all = await resolve(hostname).catch(() => []);
  if (all.length === 0) throw new CallError('FetchFailed', `${hostname} has no address.`);
  return all;
}
