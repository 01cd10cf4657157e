import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Crc, createCrc32c, createCrc64Nvme } from './crc.ts';

/** As headers spell them behind `x-amz-checksum-`. */
export const CHECKSUM_ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** In base64. */
  readonly value: string;
}

type Sum = Pick<Crc, 'update' | 'digest'>;

const CREATE: Readonly<Record<ChecksumAlgorithm, () => Sum>> = {
  crc32: createCrc32,
  crc32c: createCrc32c,
  crc64nvme: createCrc64Nvme,
  sha1: () => toSum('sha1'),
  sha256: () => toSum('sha256'),
};

/** What the bytes of an object sum up to: MD5 always, and what else is asked for. */
export class ContentDigest {
  readonly #md5 = toSum('md5');
  readonly #sum: Sum | undefined;
  readonly #algorithm: ChecksumAlgorithm | undefined;

  constructor(algorithm?: ChecksumAlgorithm) {
    this.#algorithm = algorithm;
    this.#sum = algorithm && CREATE[algorithm]();
  }

  update(bytes: Uint8Array): void {
    this.#md5.update(bytes);
    this.#sum?.update(bytes);
  }

  /** To be called once. */
  finish(): { readonly md5: Buffer; readonly checksum?: Checksum } {
    const md5 = this.#md5.digest();
    if (this.#algorithm === undefined || this.#sum === undefined) return { md5 };
    return { md5, checksum: { algorithm: this.#algorithm, value: this.#sum.digest().toString('base64') } };
  }
}

function toSum(algorithm: string): Sum {
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}

function createCrc32(): Sum {
  let crc = 0;
  return {
    update(bytes) {
      crc = crc32(bytes, crc);
    },
    digest() {
      const digest = Buffer.alloc(4);
      digest.writeUInt32BE(crc);
      return digest;
    },
  };
}
