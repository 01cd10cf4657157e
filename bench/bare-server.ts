import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What no gateway can go below: node:http that echoes. Listens on PORT, any when absent, and says which as JSON. */
const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => outgoing.end(Buffer.concat(chunks)));
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
