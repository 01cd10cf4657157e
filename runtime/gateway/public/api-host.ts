const HOST = /^([a-z0-9-]{1,63})\.execute-api\.([a-z0-9-]{1,64})\.localhost(?::\d{1,5})?$/i;
const PATH = /^\/api\/([a-z0-9-]{1,63})(\/.*)?$/s;

/** A request to an HTTP API. */
export interface ApiAddress {
  readonly apiId: string;
  /** Absent where the path named the API. */
  readonly region?: string;
  /** Percent-encoded as sent, with the stage. */
  readonly rawPath: string;
}

/**
 * The API that is named by the host, `{api-id}.execute-api.{region}.localhost`, or by the path, `/api/{api-id}/{path}`; undefined
 * for any other request.
 */
export function parseApiAddress(host: string | undefined, rawPath: string): ApiAddress | undefined {
  const byHost = parseApiHost(host);
  if (byHost) return { ...byHost, rawPath };
  const match = PATH.exec(rawPath);
  return match ? { apiId: match[1]!, rawPath: match[2] ?? '/' } : undefined;
}

export function parseApiHost(
  host: string | undefined,
): { readonly apiId: string; readonly region: string } | undefined {
  const match = HOST.exec(host ?? '');
  return match ? { apiId: match[1]!.toLowerCase(), region: match[2]!.toLowerCase() } : undefined;
}
