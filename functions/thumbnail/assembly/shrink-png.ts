import { shrink } from "./image";
import { decodePng } from "./png-decoder";
import { encodePng } from "./png-encoder";

/** The picture made to fit a square of `size`; null when it is no PNG of 8 bits a channel without interlacing. */
export function shrinkPng(png: Uint8Array, size: i32): Uint8Array | null {
  const image = decodePng(png);
  return image === null ? null : encodePng(shrink(image, size));
}
