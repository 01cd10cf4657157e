import { Image } from "./image";
import { inflate } from "./inflate";

const MOST_PIXELS: u64 = 16_000_000;
const SIGNATURE: StaticArray<u8> = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const IHDR: u32 = 0x49484452;
const PLTE: u32 = 0x504c5445;
const TRNS: u32 = 0x74524e53;
const IDAT: u32 = 0x49444154;
const IEND: u32 = 0x49454e44;

function uint32(bytes: Uint8Array, at: i32): u32 {
  return bswap(load<u32>(bytes.dataStart + at));
}

/** Decodes a PNG of 8 bits a channel, not interlaced, or answers null. */
export function decodePng(source: Uint8Array): Image | null {
  if (source.length < 33) return null;
  for (let i = 0; i < 8; i++) if (source[i] != SIGNATURE[i]) return null;
  if (uint32(source, 12) != IHDR || source[24] != 8 || source[26] != 0 || source[27] != 0 || source[28] != 0) return null;
  const width = uint32(source, 16);
  const height = uint32(source, 20);
  const channels = channelsOf(source[25]);
  if (channels == 0 || width == 0 || height == 0 || <u64>width * <u64>height > MOST_PIXELS) return null;

  let palette = new Uint8Array(0);
  let transparency = new Uint8Array(0);
  const data = new Uint8Array(source.length);
  let dataLength = 0;
  for (let at = 8; at + 12 <= source.length; ) {
    const length = uint32(source, at);
    const type = uint32(source, at + 4);
    if (length > <u32>(source.length - at - 12)) return null;
    const chunk = source.subarray(at + 8, at + 8 + length);
    if (type == IEND) break;
    if (type == PLTE) palette = chunk;
    if (type == TRNS) transparency = chunk;
    if (type == IDAT) {
      data.set(chunk, dataLength);
      dataLength += chunk.length;
    }
    at += 12 + length;
  }

  const rowBytes = <i32>width * channels;
  const rows = inflate(data.subarray(0, dataLength), (rowBytes + 1) * height);
  if (rows === null || !unfilter(rows, rowBytes, height, channels)) return null;
  return toImage(rows, width, height, source[25], palette, transparency);
}

/** Bytes a pixel takes, by colour type; 0 for a type that PNG does not know. */
function channelsOf(colourType: u8): i32 {
  return colourType == 0 || colourType == 3 ? 1 : colourType == 2 ? 3 : colourType == 4 ? 2 : colourType == 6 ? 4 : 0;
}

/** Undoes the rows' filters in place (PNG, 9.2). */
function unfilter(rows: Uint8Array, rowBytes: i32, height: i32, pixelBytes: i32): bool {
  const stride = rowBytes + 1;
  for (let y = 0; y < height; y++) {
    const start = y * stride;
    const filter = rows[start];
    if (filter > 4) return false;
    for (let i = start + 1; i <= start + rowBytes; i++) {
      const left = i - pixelBytes > start ? <i32>rows[i - pixelBytes] : 0;
      const up = y > 0 ? <i32>rows[i - stride] : 0;
      const corner = y > 0 && i - pixelBytes > start ? <i32>rows[i - pixelBytes - stride] : 0;
      const guess = filter == 0 ? 0 : filter == 1 ? left : filter == 2 ? up : filter == 3 ? (left + up) >> 1 : paeth(left, up, corner);
      rows[i] = <u8>(<i32>rows[i] + guess);
    }
  }
  return true;
}

function paeth(left: i32, up: i32, corner: i32): i32 {
  const fromLeft = abs(up - corner);
  const fromUp = abs(left - corner);
  const fromCorner = abs(left + up - 2 * corner);
  return fromLeft <= fromUp && fromLeft <= fromCorner ? left : fromUp <= fromCorner ? up : corner;
}

function toImage(rows: Uint8Array, width: i32, height: i32, colourType: u8, palette: Uint8Array, alphas: Uint8Array): Image | null {
  const image = new Image(width, height);
  const pixels = image.pixels;
  let from = 0;
  let to = 0;
  for (let y = 0; y < height; y++) {
    from++;
    for (let x = 0; x < width; x++, to += 4) {
      const first = rows[from++];
      if (colourType == 3) {
        const entry = <i32>first * 3;
        if (entry + 2 >= palette.length) return null;
        pixels[to] = palette[entry];
        pixels[to + 1] = palette[entry + 1];
        pixels[to + 2] = palette[entry + 2];
        pixels[to + 3] = <i32>first < alphas.length ? alphas[first] : 255;
        continue;
      }
      const isColour = (colourType & 2) != 0;
      pixels[to] = first;
      pixels[to + 1] = isColour ? rows[from++] : first;
      pixels[to + 2] = isColour ? rows[from++] : first;
      pixels[to + 3] = colourType & 4 ? rows[from++] : 255;
    }
  }
  return image;
}
