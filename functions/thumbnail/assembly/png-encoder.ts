import { deflate } from "./deflate";
import { Image } from "./image";

const SIGNATURE: u64 = 0x0a1a0a0d474e5089;
const CRC_TABLE: StaticArray<u32> = createCrcTable();

/** Made once, at deploy. */
function createCrcTable(): StaticArray<u32> {
  const table = new StaticArray<u32>(256);
  for (let i = 0; i < 256; i++) {
    let crc = <u32>i;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >> 1) : crc >> 1;
    table[i] = crc;
  }
  return table;
}

/** Encodes an image as an RGBA PNG. */
export function encodePng(image: Image): Uint8Array {
  const header = new Uint8Array(13);
  store<u32>(header.dataStart, bswap(<u32>image.width));
  store<u32>(header.dataStart, bswap(<u32>image.height), 4);
  header[8] = 8;
  header[9] = 6;
  const data = deflate(filter(image));
  const png = new Uint8Array(8 + 3 * 12 + header.length + data.length);
  store<u64>(png.dataStart, SIGNATURE);
  let at = 8;
  at = chunk(png, at, 0x49484452, header);
  at = chunk(png, at, 0x49444154, data);
  chunk(png, at, 0x49454e44, new Uint8Array(0));
  return png;
}

/** Every row as its difference from the row above (PNG's filter 2), which leaves runs for deflate. */
function filter(image: Image): Uint8Array {
  const rowBytes = image.width * 4;
  const rows = new Uint8Array((rowBytes + 1) * image.height);
  let at = 0;
  for (let y = 0; y < image.height; y++) {
    rows[at++] = 2;
    for (let i = 0; i < rowBytes; i++) {
      const here = image.pixels[y * rowBytes + i];
      rows[at++] = here - (y > 0 ? image.pixels[(y - 1) * rowBytes + i] : 0);
    }
  }
  return rows;
}

function chunk(png: Uint8Array, at: i32, type: u32, data: Uint8Array): i32 {
  const start = png.dataStart + at;
  store<u32>(start, bswap(<u32>data.length));
  store<u32>(start, bswap(type), 4);
  png.set(data, at + 8);
  let crc: u32 = 0xffffffff;
  for (let i = at + 4; i < at + 8 + data.length; i++) crc = CRC_TABLE[(crc ^ png[i]) & 255] ^ (crc >> 8);
  store<u32>(start + data.length, bswap(crc ^ 0xffffffff), 8);
  return at + 12 + data.length;
}
