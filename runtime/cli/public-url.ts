import { exchange } from './http-exchange.ts';

/** Base of the function URLs of the Isola at `endpoint`, which may have a port of their own: its health tells. */
export async function readPublicUrl(endpoint: string): Promise<string> {
  const health = { method: 'GET', url: `${endpoint}/healthz`, headers: {}, body: new Uint8Array() };
  const answer = await exchange(health).catch(() => undefined);
  const port = answer?.status === 200 ? parsePort(Buffer.from(answer.body).toString()) : undefined;
  if (port === undefined) return endpoint;
  const url = new URL(endpoint);
  url.port = String(port);
  return url.href.replace(/\/+$/, '');
}

function parsePort(text: string): number | undefined {
  try {
    const { publicPort } = JSON.parse(text) as { publicPort?: unknown };
    return typeof publicPort === 'number' ? publicPort : undefined;
  } catch {
    return undefined;
  }
}
