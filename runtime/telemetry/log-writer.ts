/** Where log text goes: standard output, or a test's own. The part of a Writable that is used. */
export interface LogSink {
  /** False asks the writer to wait for `drain`. */
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

export interface LogWriter {
  /** Takes whole lines; never blocks, never throws. */
  write(text: string): void;
  /** Hands over what is still held. */
  flush(): void;
}

/** Text is handed over this often, in milliseconds, or as soon as a batch of `BATCH_CHARS` is full. */
const FLUSH_MS = 25;
const BATCH_CHARS = 64 * 1024;
/** Held at most while the sink is slow; what comes then is dropped and counted. A slow terminal must not eat the memory. */
const HELD_CHARS = 8 * 1024 * 1024;

/** A writer that gathers lines into few large writes and waits when the sink is slow. */
export function createLogWriter(sink: LogSink, toDropNotice: (entries: number) => string): LogWriter {
  let held: string[] = [];
  let chars = 0;
  let dropped = 0;
  let waiting = false;
  let timer: NodeJS.Timeout | undefined;

  const hand = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting || (held.length === 0 && dropped === 0)) return;
    if (dropped > 0) held.push(toDropNotice(dropped));
    const batch = held.join('');
    held = [];
    chars = 0;
    dropped = 0;
    if (sink.write(batch)) return;
    waiting = true;
    sink.once('drain', () => {
      waiting = false;
      hand();
    });
  };

  return {
    write(text) {
      if (chars + text.length > HELD_CHARS) {
        dropped += 1;
        return;
      }
      held.push(text);
      chars += text.length;
      if (chars >= BATCH_CHARS) hand();
      else if (!waiting) timer ??= setTimeout(hand, FLUSH_MS);
    },
    flush() {
      waiting = false;
      hand();
    },
  };
}
