import { describe, expect, it } from 'vitest';
import { type ChecksumAlgorithm, ContentDigest } from '../../runtime/buckets/checksum.ts';

/** Of "123456789", which catalogues of checks give for each. */
const CHECKS: readonly [ChecksumAlgorithm, string][] = [
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
  ['crc64nvme', 'ae8b14860a799888'],
  ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
];

describe('a checksum', () => {
  it.each(CHECKS)('by %s is what everybody computes, whatever the pieces', (algorithm, check) => {
    for (const cut of [0, 1, 4, 9]) {
      const digest = new ContentDigest(algorithm);
      const bytes = Buffer.from('123456789');
      digest.update(bytes.subarray(0, cut));
      digest.update(bytes.subarray(cut));
      const { md5, checksum } = digest.finish();
      expect(Buffer.from(checksum?.value ?? '', 'base64').toString('hex')).toBe(check);
      expect(md5.toString('hex')).toBe('25f9e794323b453885f5181f1b624d0b');
    }
  });

  it('is not made unless it is asked for', () => {
    expect(new ContentDigest().finish()).toEqual({ md5: Buffer.from('d41d8cd98f00b204e9800998ecf8427e', 'hex') });
  });
});
