import { toHostAnswer } from '../../contract/host-call.ts';
import { CallError, invalid, tooManyWaiting } from '../call-error.ts';
import type { Capabilities } from '../capability.ts';
import type { Grants } from '../grants.ts';
import type { Head } from '../head.ts';
import { admit, parseUrl, type Resolve, resolveByDns, toFetchArn } from './destination.ts';
import { exchange, type FetchRequest, type FetchResponse } from './exchange.ts';
import { parseHeaders, withoutContent, withoutCredentials, withTrace } from './headers.ts';

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * HTTP requests of guests, to hosts that the role allows: `isola:Fetch` on `arn:isola:fetch:::HOST[:PORT]`, and
 * `isola:FetchPrivate` besides for a host that is not on the public Internet. Every redirect is checked as if it had been asked for.
 */
export function createFetch(grants: Grants, resolve: Resolve = resolveByDns): Capabilities {
  return {
    async fetch({ head, body, caller, signal, park, traceHeaders }) {
      let url = parseUrl(head.text('url'));
      const headers = withTrace(parseHeaders(head.member('headers')), traceHeaders);
      let request: FetchRequest = { method: methodOf(head), headers, body };
      if (body.byteLength > 0 && ['GET', 'HEAD'].includes(request.method)) {
        throw invalid(`A ${request.method} request has no body.`);
      }
      const follow = redirectOf(head) === 'follow';
      await grants.demand(caller, 'isola:Fetch', toFetchArn(url));
      if (!park()) throw tooManyWaiting();
      for (let redirects = 0; ; redirects++) {
        const response = await exchange(await admit(caller, url, grants, resolve), request, signal);
        const next = follow ? locationOf(response, url) : undefined;
        if (!next) {
          const { status, headers } = response;
          return toHostAnswer({ status, headers, url: url.href, redirected: redirects > 0 }, response.body);
        }
        if (redirects === MOST_REDIRECTS) {
          throw new CallError('TooManyRedirects', `${url.host} redirects again after ${MOST_REDIRECTS} redirects.`);
        }
        request = redirected(request, response.status, next.origin === url.origin);
        url = next;
      }
    },
  };
}

function locationOf({ status, headers }: FetchResponse, url: URL): URL | undefined {
  const location = REDIRECTS.includes(status) ? headers.find(([name]) => name === 'location')?.[1] : undefined;
  return location === undefined ? undefined : parseUrl(location, url);
}

/** As browsers do: what was posted is fetched from elsewhere, and credentials stay with their origin. */
function redirected(request: FetchRequest, status: number, isSameOrigin: boolean): FetchRequest {
  const kept = isSameOrigin ? request.headers : withoutCredentials(request.headers);
  const becomesGet =
    status === 303 ? request.method !== 'HEAD' : [301, 302].includes(status) && request.method === 'POST';
  return becomesGet
    ? { method: 'GET', headers: withoutContent(kept), body: new Uint8Array() }
    : { ...request, headers: kept };
}

function methodOf(head: Head): string {
  const method = (head.optionalText('method') ?? 'GET').toUpperCase();
  if (!/^[A-Z]{1,20}$/.test(method) || ['CONNECT', 'TRACE'].includes(method)) {
    throw invalid('"method" must be a method of HTTP, other than CONNECT and TRACE.');
  }
  return method;
}

function redirectOf(head: Head): 'follow' | 'manual' {
  const redirect = head.optionalText('redirect') ?? 'follow';
  if (redirect !== 'follow' && redirect !== 'manual') throw invalid('"redirect" must be "follow" or "manual".');
  return redirect;
}
