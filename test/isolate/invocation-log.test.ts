import { describe, expect, it } from 'vitest';
import { LOG_INVOCATION_BYTES, LOG_LINE_BYTES } from '../../runtime/contract/limits.ts';
import { InvocationLog } from '../../runtime/isolate/invocation-log.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the log of an invocation', () => {
  it('makes lines of a stream, wherever it is cut', () => {
    const log = new InvocationLog();
    for (const part of ['a', 'b\nc', '', '\n\nd', 'e']) log.write(bytes(part));
    expect(log.take()).toBe('ab\nc\n\nde\n');
    expect(log.take()).toBe('');
  });

  it('bounds a stream without line ends as it bounds lines', () => {
    const log = new InvocationLog();
    for (let index = 0; index < 100; index++) log.write(new Uint8Array(65_536).fill(120));
    const text = log.take();
    expect(text).toContain('the rest was dropped');
    expect(text.length).toBeLessThan(LOG_INVOCATION_BYTES + 100);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(LOG_LINE_BYTES);
  });
});
