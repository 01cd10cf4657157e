import { LOG_INVOCATION_BYTES, LOG_LINE_BYTES } from '../contract/limits.ts';

const decoder = new TextDecoder();
const DROPPED = '[log limit of 1 MiB reached; the rest was dropped]\n';

/** What one invocation logs: whole lines, each bounded, all bounded together. */
export class InvocationLog {
  #text = '';
  #bytes = 0;
  #partial = '';

  line(text: string): void {
    if (this.#bytes > LOG_INVOCATION_BYTES) return;
    const cut = text.length > LOG_LINE_BYTES ? text.slice(0, LOG_LINE_BYTES) : text;
    this.#bytes += cut.length + 1;
    this.#text += this.#bytes > LOG_INVOCATION_BYTES ? DROPPED : `${cut}\n`;
  }

  /** A stream such as stderr, cut into lines where it has line ends; always accepts, so that a chatty guest goes on. */
  write(bytes: Uint8Array): number {
    if (this.#bytes > LOG_INVOCATION_BYTES) return bytes.byteLength;
    const lines = (this.#partial + decoder.decode(bytes.subarray(0, LOG_INVOCATION_BYTES))).split('\n');
    this.#partial = (lines.pop() ?? '').slice(0, LOG_LINE_BYTES);
    for (const line of lines) this.line(line);
    return bytes.byteLength;
  }

  /** Everything so far; the log starts anew. */
  take(): string {
    if (this.#partial) this.line(this.#partial);
    const text = this.#text;
    this.#text = '';
    this.#partial = '';
    this.#bytes = 0;
    return text;
  }
}
