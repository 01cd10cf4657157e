import { CallError } from '../capabilities/call-error.ts';
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
  const isNamed = ({ hostname, host }: URL): boolean => privateHosts.includes(hostname) || privateHosts.includes(host);
  return async (text, request, signal) => {
    const url = parseUrl(text);
    const destination = await reach(url, resolve, () => isNamed(url));
    if (destination !== undefined) return exchange(destination, request, signal);
    throw new CallError('PrivateAddress', `${url.host} is not on the public Internet, and not in ISOLA_PRIVATE_HOSTS.`);
  };
}
