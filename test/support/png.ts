import { deflateSync, inflateSync } from 'node:zlib';

/** Pixels as RGBA. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A PNG made of rows that are filtered already (each starts with its filter's number). */
export function createPng(
  header: { readonly width: number; readonly height: number; readonly colourType: number; readonly depth?: number },
  rows: Uint8Array,
  extra: readonly Buffer[] = [],
): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(header.width, 0);
  ihdr.writeUInt32BE(header.height, 4);
  ihdr[8] = header.depth ?? 8;
  ihdr[9] = header.colourType;
  const data = deflateSync(rows);
  const half = data.length >> 1;
  const parts = [chunk('IDAT', data.subarray(0, half)), chunk('IDAT', data.subarray(half))];
  return Buffer.concat([SIGNATURE, chunk('IHDR', ihdr), ...extra, ...parts, chunk('IEND', Buffer.alloc(0))]);
}

export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

/** Filters RGBA rows, row y with filter y modulo 5, so that all of them occur. */
export function filterRows(picture: Picture): Uint8Array {
  const stride = picture.width * 4;
  const at = (x: number, y: number): number => (x < 0 || y < 0 ? 0 : (picture.pixels[y * stride + x] ?? 0));
  const rows: number[] = [];
  for (let y = 0; y < picture.height; y++) {
    rows.push(y % 5);
    for (let x = 0; x < stride; x++)
      rows.push((at(x, y) - predict(y % 5, at(x - 4, y), at(x, y - 1), at(x - 4, y - 1))) & 255);
  }
  return Uint8Array.from(rows);
}

/** Decodes an RGBA PNG strictly: every checksum, order and length must be right. */
export function decodePng(png: Buffer): Picture {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('not a PNG');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    if (png.readUInt32BE(at + 8 + length) !== crc32(body)) throw new Error('a checksum is wrong');
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4));
    at += 12 + length;
  }
  const ihdr = chunks.get('IHDR')!;
  const [width, height] = [ihdr.readUInt32BE(0), ihdr.readUInt32BE(4)];
  const rows = inflateSync(chunks.get('IDAT')!);
  const stride = width * 4;
  if (ihdr.subarray(8).join() !== '8,6,0,0,0' || rows.length !== (stride + 1) * height) throw new Error('not RGBA');
  const pixels = new Uint8Array(stride * height);
  const at = (x: number, y: number): number => (x < 0 || y < 0 ? 0 : (pixels[y * stride + x] ?? 0));
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      pixels[y * stride + x] =
        rows[y * (stride + 1) + 1 + x]! + predict(filter, at(x - 4, y), at(x, y - 1), at(x - 4, y - 1));
    }
  }
  return { width, height, pixels };
}

function predict(filter: number, left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const nearest = [left, up, corner].reduce((best, value) =>
    Math.abs(guess - value) < Math.abs(guess - best) ? value : best,
  );
  return [0, left, up, (left + up) >> 1, nearest][filter]!;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
