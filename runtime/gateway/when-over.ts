import type { Socket } from 'node:net';
import type { Wire } from './wire.ts';

const waiting = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls `over` once, when the answer is written whole or its connection has closed: by one listener of the connection, whatever
 * waits on it. An answer behind another on its connection has no socket of its own, and is told nothing by Node.
 */
export function whenOver({ incoming, outgoing }: Wire, over: () => void): void {
  const { socket } = incoming;
  const closing = waiting.get(socket) ?? watch(socket);
  const once = (): void => {
    if (closing.delete(once)) over();
  };
  closing.add(once);
  outgoing.once('close', once);
  if (socket.destroyed) once();
}

function watch(socket: Socket): Set<() => void> {
  const closing = new Set<() => void>();
  waiting.set(socket, closing);
  socket.once('close', () => {
    for (const over of closing) over();
  });
  return closing;
}
