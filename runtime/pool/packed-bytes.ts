/** Pieces behind one another in a buffer of their own, with the length of each in order. */
export interface PackedBytes {
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
}

export function packBytes(pieces: readonly Uint8Array[]): PackedBytes {
  const lengths = pieces.map(({ byteLength }) => byteLength);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.byteLength;
  }
  return { bytes, lengths };
}

/** The pieces again, as views of the one buffer. */
export function unpackBytes(bytes: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] {
  let offset = 0;
  return lengths.map((length) => {
    const piece = bytes.subarray(offset, offset + length);
    offset += length;
    return piece;
  });
}

/** From this size on a buffer is handed over instead of copied, in bytes: handing over costs as much as copying so much. */
const HANDED_OVER_BYTES = 32 * 1024;

/** What of a packed buffer a message hands over: its own buffer, when it is large. */
export function toTransferList({ buffer }: Uint8Array): ArrayBuffer[] {
  return buffer.byteLength < HANDED_OVER_BYTES ? [] : [buffer as ArrayBuffer];
}
