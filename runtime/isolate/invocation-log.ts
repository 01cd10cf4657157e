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
    const lines = decoder.decode(bytes.subarray(0, LOG_INVOCATION_BYTES)).split('\n');
    lines[0] = this.#partial + lines[0];
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.line(line);
    if (this.#partial.length > LOG_LINE_BYTES) this.#endPartial();
    return bytes.byteLength;
  }

  /** Everything so far; the log starts anew. */
  take(): string {
    if (this.#partial) this.#endPartial();
    const text = this.#text;
    this.#text = '';
    this.#bytes = 0;
    return text;
  }

  #endPartial(): void {
    const line = this.#partial;
    this.#partial = '';
    this.line(line);
  }
}
