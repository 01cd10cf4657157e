import type { Worker } from 'node:cluster';

interface Closable {
  close(): void;
}

/**
 * Closes the connection that was on its way to a process when that died. node:cluster hands one at a time to each process, and
 * lets go of it when the process says that it has it: one that dies before leaves its client waiting for ever.
 */
export function closeLostConnections(worker: Worker): void {
  const { process: child } = worker;
  const send = child.send.bind(child) as (...args: readonly unknown[]) => boolean;
  const handed = new Map<unknown, Closable>();
  child.send = (...args: readonly unknown[]): boolean => {
    const [message, handle] = args as [{ readonly act?: string; readonly key?: unknown } | undefined, unknown];
    if (message?.act === 'newconn' && isClosable(handle)) handed.set(message.key, handle);
    return send(...args);
  };
  // One that was taken over is closed here already, and closing it again does nothing.
  worker.once('exit', () => {
    for (const handle of handed.values()) handle.close();
  });
}

function isClosable(handle: unknown): handle is Closable {
  return typeof (handle as Partial<Closable> | undefined)?.close === 'function';
}
