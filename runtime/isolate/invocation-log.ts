import { LOG_INVOCATION_BYTES, LOG_LINE_BYTES } from '../contract/limits.ts';

const decoder = new TextDecoder();

/** What one invocation logs: whole lines, each bounded, all bounded together. What is too much is dropped, and its last line says so. */
export class InvocationLog {
  #text = '';
  /** How much of it `news` has answered. */
  #told = 0;
  #bytes = 0;
  #dropped = 0;
  #partial = '';

  line(text: string): void {
    const cut = text.length > LOG_LINE_BYTES ? text.slice(0, LOG_LINE_BYTES) : text;
    if (this.#bytes + cut.length + 1 > LOG_INVOCATION_BYTES) {
      // Shorter ones that come later would stand where this one is missing.
      this.#bytes = LOG_INVOCATION_BYTES;
      this.#dropped += text.length + 1;
      return;
    }
    this.#dropped += text.length - cut.length;
    this.#bytes += cut.length + 1;
    this.#text += `${cut}\n`;
  }

  /** A stream such as stderr, cut into lines where it has line ends; always accepts, so that a chatty guest goes on. */
  write(bytes: Uint8Array): number {
    const room = Math.min(bytes.byteLength, this.#bytes >= LOG_INVOCATION_BYTES ? 0 : LOG_INVOCATION_BYTES);
    this.#dropped += bytes.byteLength - room;
    if (room === 0) return bytes.byteLength;
    const lines = decoder.decode(bytes.subarray(0, room)).split('\n');
    lines[0] = this.#partial + lines[0];
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.line(line);
    if (this.#partial.length > LOG_LINE_BYTES) this.#endPartial();
    return bytes.byteLength;
  }

  /** The lines that have come since this was asked last, or since the log began. */
  news(): string {
    const news = this.#text.slice(this.#told);
    this.#told = this.#text.length;
    return news;
  }

  /** Everything so far; the log starts anew. */
  take(): string {
    if (this.#partial) this.#endPartial();
    const text = this.#dropped === 0 ? this.#text : this.#text + toNotice(this.#dropped);
    this.#text = '';
    this.#told = 0;
    this.#bytes = 0;
    this.#dropped = 0;
    return text;
  }

  #endPartial(): void {
    const line = this.#partial;
    this.#partial = '';
    this.line(line);
  }
}

function toNotice(dropped: number): string {
  return `[${dropped} characters were dropped: a line may have ${LOG_LINE_BYTES}, the log of an invocation ${LOG_INVOCATION_BYTES}]\n`;
}
