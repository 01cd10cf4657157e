import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer as it came: `body` is all that followed its head, answers to what came later included. */
export interface RawAnswer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
}

/** A connection of its own, which is told nothing of errors: who resets what is often the question. */
export async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes, a string as latin1, and answers all that comes until the server closes; then it is closed here, too. */
export async function send(url: string, bytes: string | Uint8Array): Promise<string> {
  const socket = await open(url);
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  return await received(socket);
}

/** All that comes until the server closes. */
export async function received(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
  });
  socket.once('end', () => socket.destroy());
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

export function parseAnswer(text: string): RawAnswer {
  const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]),
    type: /^x-amzn-errortype: (.*)$/im.exec(head)?.[1]?.trim(),
    body,
  };
}
