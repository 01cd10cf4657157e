import type { WriteStream } from 'node:tty';

/** Lines about work in progress: one that rewrites itself on a terminal, one per step elsewhere. */
export interface Progress {
  step(line: string): void;
  /** Takes the line away, so that what follows starts on a clean one. */
  clear(): void;
}

export function createProgress(stream: Pick<WriteStream, 'write' | 'isTTY'>): Progress {
  let shown = false;
  return {
    step(line) {
      stream.write(stream.isTTY ? `\r\u001b[2K… ${line.slice(0, 76)}` : `… ${line}\n`);
      shown = true;
    },
    clear() {
      if (shown && stream.isTTY) stream.write('\r\u001b[2K');
      shown = false;
    },
  };
}
