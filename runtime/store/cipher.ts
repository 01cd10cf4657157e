import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Turns a secret into text that may lie on a disk, and back: environment variables, secret access keys. What is told
 * `about` a secret, such as whose it is, must be told again to read it, so that nobody who can write to the disk can
 * give one function's secrets to another.
 *
 *     record.secret = cipher.seal(secret, 'access-key', accessKeyId)
 *     const secret = cipher.unseal(record.secret, 'access-key', accessKeyId)
 */
export interface Cipher {
  /** Another text at every call. */
  seal(secret: string, ...about: readonly string[]): string;
  /** Throws for a text that was changed, sealed about something else or with another key. */
  unseal(sealed: string, ...about: readonly string[]): string;
}

/** Length of a key in bytes. */
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Names the form of what follows: base64 of nonce, ciphertext and tag. */
const FORM = 'aes256gcm:';

/** AES-256-GCM under one key, with a random nonce each: good for four thousand million texts. */
export function createCipher(key: Uint8Array): Cipher {
  const toData = (about: readonly string[]): Buffer => Buffer.from(JSON.stringify(about));
  return {
    seal(secret, ...about) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(toData(about));
      const sealed = [nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return FORM + Buffer.concat(sealed).toString('base64');
    },
    unseal(sealed, ...about) {
      const bytes = Buffer.from(sealed.slice(FORM.length), 'base64');
      if (!sealed.startsWith(FORM) || bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('this was not sealed');
      const options = { authTagLength: TAG_BYTES };
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), options)
        .setAAD(toData(about))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}
