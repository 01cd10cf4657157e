import { describe, expect, it } from 'vitest';
import { callExample } from '../support/guest.ts';
import { type HttpAnswer, httpEvent } from '../support/http-event.ts';
import { chunk, createPng, decodePng, filterRows, type Picture } from '../support/png.ts';

async function post(png: Uint8Array, size: number | string): Promise<HttpAnswer> {
  return (await callExample('thumbnail', httpEvent('POST', `/?size=${size}`, { body: png }))) as HttpAnswer;
}

async function shrink(png: Uint8Array, size: number): Promise<Picture> {
  const answer = await post(png, size);
  expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true, headers: { 'content-type': 'image/png' } });
  return decodePng(Buffer.from(answer.body, 'base64'));
}

function paint(width: number, height: number, colour: (x: number, y: number) => readonly number[]): Picture {
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels.set(colour(x, y), (y * width + x) * 4);
  return { width, height, pixels };
}

const toPng = (picture: Picture): Buffer => createPng({ ...picture, colourType: 6 }, filterRows(picture));

describe('thumbnail', () => {
  it('gives a picture that fits back pixel by pixel, whatever its filters', async () => {
    const noise = paint(97, 61, (x, y) => [x * 7, (x * y) ^ 91, (y * 31 + x * x) & 255, 255 - ((x + y) % 3) * 60]);
    expect(await shrink(toPng(noise), 128)).toEqual(noise);
  });

  it('averages the pixels that fall together', async () => {
    const stripes = paint(200, 100, (x, y) => [x % 2 ? 200 : 100, y % 2 ? 50 : 0, x < 100 ? 10 : 250, 255]);
    const small = await shrink(toPng(stripes), 50);
    expect(small).toEqual(paint(50, 25, (x) => [150, 25, x < 25 ? 10 : 250, 255]));
  });

  it('lets transparent pixels lend no colour', async () => {
    const checked = paint(8, 8, (x, y) => ((x + y) % 2 ? [255, 0, 0, 255] : [0, 255, 0, 0]));
    expect(await shrink(toPng(checked), 4)).toEqual(paint(4, 4, () => [255, 0, 0, 128]));
  });

  it('takes grey, grey with alpha, RGB and palettes', async () => {
    const grey = createPng({ width: 2, height: 1, colourType: 0 }, Uint8Array.of(0, 10, 200));
    expect((await shrink(grey, 9)).pixels).toEqual(Uint8Array.of(10, 10, 10, 255, 200, 200, 200, 255));
    const greyAlpha = createPng({ width: 1, height: 1, colourType: 4 }, Uint8Array.of(0, 10, 99));
    expect((await shrink(greyAlpha, 9)).pixels).toEqual(Uint8Array.of(10, 10, 10, 99));
    const rgb = createPng({ width: 1, height: 1, colourType: 2 }, Uint8Array.of(0, 1, 2, 3));
    expect((await shrink(rgb, 9)).pixels).toEqual(Uint8Array.of(1, 2, 3, 255));
    const palette = [chunk('PLTE', Uint8Array.of(1, 2, 3, 4, 5, 6)), chunk('tRNS', Uint8Array.of(7))];
    const indexed = createPng({ width: 2, height: 1, colourType: 3 }, Uint8Array.of(0, 0, 1), palette);
    expect((await shrink(indexed, 9)).pixels).toEqual(Uint8Array.of(1, 2, 3, 7, 4, 5, 6, 255));
  });

  it('answers 415 to what is no such PNG, and to any cut or damaged one', async () => {
    const png = toPng(paint(8, 8, (x, y) => [x * 30, y * 30, 0, 255]));
    const hostile = [
      Buffer.from('GIF89a'),
      createPng({ width: 8, height: 8, colourType: 6, depth: 16 }, new Uint8Array(520)),
      createPng({ width: 60_000, height: 60_000, colourType: 6 }, new Uint8Array(9)),
      createPng({ width: 1, height: 1, colourType: 6 }, Uint8Array.of(9, 0, 0, 0, 0)),
      createPng({ width: 1, height: 1, colourType: 3 }, Uint8Array.of(0, 5)),
      createPng({ width: 1, height: 1, colourType: 0 }, new Uint8Array(100_000)),
      ...[20, 40, 50, 60, png.length - 30].map((length) => png.subarray(0, length)),
    ];
    for (const bytes of hostile) expect(await post(bytes, 8)).toMatchObject({ statusCode: 415 });
    for (let at = 8; at < png.length; at += 3) {
      const damaged = Buffer.from(png);
      damaged[at]! ^= 0x55;
      expect([200, 415]).toContain((await post(damaged, 8)).statusCode);
    }
  });

  it('answers 400 to a size that is none', async () => {
    for (const size of [0, -1, 4096, 'x']) expect(await post(Buffer.alloc(0), size)).toMatchObject({ statusCode: 400 });
  });
});
