import type { IncomingMessage } from 'node:http';

/** A response's body, or undefined, and no more read, when it is longer than that many bytes. */
export async function readBounded(response: IncomingMessage, mostBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (Number(response.headers['content-length'] ?? 0) <= mostBytes) {
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > mostBytes) break;
      chunks.push(chunk);
    }
    if (bytes <= mostBytes) return Buffer.concat(chunks);
  }
  response.destroy();
  return undefined;
}
