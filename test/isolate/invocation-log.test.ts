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

  it('says how much of it is missing', () => {
    const log = new InvocationLog();
    log.line('x'.repeat(LOG_LINE_BYTES + 7));
    expect(log.take()).toMatch(/^x+\n\[7 characters were dropped: /);
    for (let index = 0; index < 4; index++) log.line('y'.repeat(LOG_LINE_BYTES - 1));
    expect(log.take()).not.toContain('dropped');
    for (let index = 0; index < 4; index++) log.line('y'.repeat(LOG_LINE_BYTES - 1));
    log.line('late');
    log.write(bytes('later\n'));
    expect(log.take()).toMatch(/\n\[11 characters were dropped: /);
    expect(log.take()).toBe('');
  });

  it('tells what is new, and all of it in the end', () => {
    const log = new InvocationLog();
    log.write(bytes('a\nb'));
    expect(log.news()).toBe('a\n');
    expect(log.news()).toBe('');
    log.write(bytes('c\nd'));
    expect(log.news()).toBe('bc\n');
    expect(log.take()).toBe('a\nbc\nd\n');
    log.line('e');
    expect(log.news()).toBe('e\n');
  });

  it('bounds a stream without line ends as it bounds lines', () => {
    const log = new InvocationLog();
    for (let index = 0; index < 100; index++) log.write(new Uint8Array(65_536).fill(120));
    const text = log.take();
    expect(text.length).toBeLessThan(LOG_INVOCATION_BYTES + 200);
    const [, dropped] = /\n\[(\d+) characters were dropped: .*\]\n$/.exec(text) ?? [];
    expect(text.replaceAll(/[^x]/g, '').length + Number(dropped)).toBeGreaterThanOrEqual(6_553_600);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(LOG_LINE_BYTES);
  });
});
