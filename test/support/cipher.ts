import { type Cipher, createCipher, KEY_BYTES } from '../../runtime/store/cipher.ts';

/** The same key in every process of a test. */
export const TEST_CIPHER: Cipher = createCipher(new Uint8Array(KEY_BYTES).fill(7));
