import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Twenty-one characters as AWS's own ids, of which the first four tell the kind; access keys have one less. */
export function createUniqueId(prefix: 'AROA' | 'AIDA' | 'ANPA'): string {
  return prefix + randomText(17);
}

export function createAccessKeyId(): string {
  return `AKIA${randomText(16)}`;
}

/** Forty characters: 240 random bits. */
export function createSecretAccessKey(): string {
  return randomBytes(30).toString('base64');
}

function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET[byte & 31]).join('');
}
