import { isIP } from 'node:net';
import { CallError } from '../capabilities/call-error.ts';
import { isPublicAddress } from '../capabilities/fetch/addresses.ts';
import { parseUrl, type Resolve, reach, resolveByDns } from '../capabilities/fetch/destination.ts';
import { exchange, type FetchRequest, type FetchResponse } from '../capabilities/fetch/exchange.ts';

/**
 * One HTTP request of the house itself, to an address that others have named: an issuer of tokens, a topic's subscriber. As for
 * guests it goes to the public Internet alone, but for hosts that the operator has named; no redirect is followed. An abort
 * ends it. Throws a CallError, whose message says why in a sentence.
 */
export type Outbound = (url: string, request: FetchRequest, signal: AbortSignal) => Promise<FetchResponse>;

/** `privateHosts`: names or addresses, with `:PORT` to mean one port alone. */
export function createOutbound({
  privateHosts,
  resolve = resolveByDns,
}: {
  readonly privateHosts: readonly string[];
  readonly resolve?: Resolve;
}): Outbound {
  return async (text, request, signal) => {
    const url = parseUrl(text);
    const destination = await reach(url, resolve, () => isNamed(url, privateHosts));
    if (destination !== undefined) return exchange(destination, request, signal);
    throw new CallError('PrivateAddress', explain(url));
  };
}

/** Why a URL will never be asked, as far as it says so itself: what a name leads to is seen when it is. */
export function explainPrivate(text: string, privateHosts: readonly string[]): string | undefined {
  const url = parseUrl(text);
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const isPrivate = isIP(hostname) ? !isPublicAddress(hostname) : /(^|\.)localhost\.?$/.test(hostname);
  return isPrivate && !isNamed(url, privateHosts) ? explain(url) : undefined;
}

function isNamed({ hostname, host }: URL, privateHosts: readonly string[]): boolean {
  return privateHosts.includes(hostname) || privateHosts.includes(host);
}

function explain({ host }: URL): string {
  return `${host} is not on the public Internet, and not in ISOLA_PRIVATE_HOSTS.`;
}
