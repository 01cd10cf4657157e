/** Pixels as RGBA, four bytes each, row by row from the top. */
export class Image {
  readonly pixels: Uint8Array;

  constructor(
    readonly width: i32,
    readonly height: i32,
  ) {
    this.pixels = new Uint8Array(width * height * 4);
  }
}

/** The image scaled down to fit a square of `size`, its shape kept; an image that fits is answered as it is. */
export function shrink(image: Image, size: i32): Image {
  const longer = max(image.width, image.height);
  if (longer <= size) return image;
  const width = max(1, (image.width * size + longer / 2) / longer);
  const height = max(1, (image.height * size + longer / 2) / longer);
  const small = new Image(width, height);
  for (let y = 0; y < height; y++) {
    const top = (y * image.height) / height;
    const bottom = max(top + 1, ((y + 1) * image.height) / height);
    for (let x = 0; x < width; x++) {
      const left = (x * image.width) / width;
      const right = max(left + 1, ((x + 1) * image.width) / width);
      average(image, left, top, right, bottom, small.pixels, (y * width + x) * 4);
    }
  }
  return small;
}

/** Averages a box. Colours count by their alpha, so that transparent pixels do not bleed into the edges. */
function average(image: Image, left: i32, top: i32, right: i32, bottom: i32, out: Uint8Array, at: i32): void {
  let red: u64 = 0;
  let green: u64 = 0;
  let blue: u64 = 0;
  let alpha: u64 = 0;
  for (let y = top; y < bottom; y++) {
    let pixel = image.pixels.dataStart + <usize>((y * image.width + left) * 4);
    for (let x = left; x < right; x++) {
      const weight = <u64>load<u8>(pixel, 3);
      red += <u64>load<u8>(pixel) * weight;
      green += <u64>load<u8>(pixel, 1) * weight;
      blue += <u64>load<u8>(pixel, 2) * weight;
      alpha += weight;
      pixel += 4;
    }
  }
  if (alpha == 0) return;
  const count = <u64>((right - left) * (bottom - top));
  out[at] = <u8>((red + alpha / 2) / alpha);
  out[at + 1] = <u8>((green + alpha / 2) / alpha);
  out[at + 2] = <u8>((blue + alpha / 2) / alpha);
  out[at + 3] = <u8>((alpha + count / 2) / count);
}
