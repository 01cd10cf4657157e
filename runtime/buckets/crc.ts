/** A cyclic redundancy check over what comes piece by piece. */
export interface Crc {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

/** Castagnoli's polynomial, its bits in reverse. */
const CRC32C_POLYNOMIAL = 0x82f63b78;
/** NVMe's, in reverse, in two halves. */
const CRC64NVME_HIGH = 0x9a6c9329;
const CRC64NVME_LOW = 0xac4bc9b5;

const crc32cTable = new Uint32Array(256);
const crc64High = new Uint32Array(256);
const crc64Low = new Uint32Array(256);
let hasTables = false;

function fillTables(): void {
  if (hasTables) return;
  hasTables = true;
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    let [high, low] = [0, byte];
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ CRC32C_POLYNOMIAL : crc >>> 1;
      const carry = low & 1;
      low = (low >>> 1) | ((high & 1) << 31);
      high >>>= 1;
      if (carry) [high, low] = [high ^ CRC64NVME_HIGH, low ^ CRC64NVME_LOW];
    }
    crc32cTable[byte] = crc;
    crc64High[byte] = high;
    crc64Low[byte] = low;
  }
}

export function createCrc32c(): Crc {
  fillTables();
  let crc = 0xffff_ffff;
  return {
    update(bytes) {
      for (const byte of bytes) crc = (crcAt(crc32cTable, crc ^ byte) ^ (crc >>> 8)) >>> 0;
    },
    digest() {
      const digest = Buffer.alloc(4);
      digest.writeUInt32BE((crc ^ 0xffff_ffff) >>> 0);
      return digest;
    },
  };
}

export function createCrc64Nvme(): Crc {
  fillTables();
  let high = 0xffff_ffff;
  let low = 0xffff_ffff;
  return {
    update(bytes) {
      for (const byte of bytes) {
        const index = low ^ byte;
        low = ((low >>> 8) | (high << 24)) ^ crcAt(crc64Low, index);
        high = (high >>> 8) ^ crcAt(crc64High, index);
      }
    },
    digest() {
      const digest = Buffer.alloc(8);
      digest.writeUInt32BE((high ^ 0xffff_ffff) >>> 0);
      digest.writeUInt32BE((low ^ 0xffff_ffff) >>> 0, 4);
      return digest;
    },
  };
}

function crcAt(table: Uint32Array, index: number): number {
  return table[index & 0xff] as number;
}
