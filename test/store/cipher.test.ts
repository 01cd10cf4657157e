import { describe, expect, it } from 'vitest';
import { createCipher, KEY_BYTES } from '../../runtime/store/cipher.ts';

const cipher = createCipher(new Uint8Array(KEY_BYTES).fill(1));

describe('the cipher', () => {
  it.each(['', 'größer \u{1F600}', 'x'.repeat(10_000)])('gives back what it sealed', (secret) => {
    expect(cipher.unseal(cipher.seal(secret, 'a', 'b'), 'a', 'b')).toBe(secret);
  });

  it('seals the same into another text every time, of printable characters', () => {
    const sealed = Array.from({ length: 100 }, () => cipher.seal('secret', 'a'));
    expect(new Set(sealed).size).toBe(100);
    for (const text of sealed) expect(text).toMatch(/^aes256gcm:[A-Za-z0-9+/]+=*$/);
  });

  it.each([[['b']], [[]], [['a', '']], [['a', 'a']], [['"a"']]])(
    'reads nothing about %j that it sealed about a',
    (about) => {
      expect(() => cipher.unseal(cipher.seal('secret', 'a'), ...about)).toThrow();
    },
  );

  it('does not take a part of one name for a part of the next', () => {
    expect(() => cipher.unseal(cipher.seal('secret', 'ab', 'c'), 'a', 'bc')).toThrow();
  });

  it('reads nothing with another key', () => {
    const other = createCipher(new Uint8Array(KEY_BYTES).fill(2));
    expect(() => other.unseal(cipher.seal('secret', 'a'), 'a')).toThrow();
  });

  it('notices every changed, missing or added byte', () => {
    const bytes = Buffer.from(cipher.seal('secret', 'a').slice('aes256gcm:'.length), 'base64');
    const read = (changed: Uint8Array) => cipher.unseal(`aes256gcm:${Buffer.from(changed).toString('base64')}`, 'a');
    expect(read(bytes)).toBe('secret');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect(() => read(changed)).toThrow();
      expect(() => read(bytes.subarray(0, at))).toThrow();
    }
    expect(() => read(Buffer.concat([bytes, Buffer.of(0)]))).toThrow();
  });

  it.each(['', 'secret', 'aes256gcm:', 'aes128:AAAA'])('refuses %j, which nobody sealed', (text) => {
    expect(() => cipher.unseal(text)).toThrow();
  });
});
