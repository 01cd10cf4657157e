const HOST = /^([a-z0-9]{1,64})\.lambda-url\.([a-z0-9-]{1,64})\.localhost(?::\d{1,5})?$/i;

/** The id in a function URL's host, `{url-id}.lambda-url.{region}.localhost`; undefined for any other host. */
export function parseUrlHost(
  host: string | undefined,
): { readonly urlId: string; readonly region: string } | undefined {
  const match = HOST.exec(host ?? '');
  return match ? { urlId: match[1]!.toLowerCase(), region: match[2]!.toLowerCase() } : undefined;
}
