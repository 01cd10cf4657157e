import { u } from './bytes.ts';
import type { Random } from './random.ts';

interface Part {
  readonly id: number;
  readonly content: Uint8Array;
}

const HEADER_BYTES = 8;
const CODE = 10;
/** Bytes that mean something: ends of numbers, opcodes of control, prefixes, type codes. */
const TELLING: readonly number[] = [
  ...[0x00, 0x01, 0x7f, 0x80, 0xff, 0x40, 0x0b, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0c, 0x0d, 0x0e, 0x0f],
  ...[0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x18, 0x19, 0x1a, 0x1c, 0x1f, 0x20, 0x21, 0x3f, 0x41, 0xfb, 0xfc, 0xfd, 0xfe],
  ...[0x5e, 0x5f, 0x60, 0x63, 0x64, 0x6f, 0x70, 0x7b, 0xd0, 0xd2, 0xd5],
];
/** Numbers as LEB128 that are long, too long or near a limit. */
const NUMBERS: readonly (readonly number[])[] = [
  [0x80, 0x00],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0x7f],
  [0x80, 0x80, 0x80, 0x80, 0x08],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
  [0x80, 0x80, 0x04],
  [0xf0, 0xff, 0x03],
];

/** Damages modules of a corpus: blindly, or by sections and bodies with their sizes mended, so that more gets read. */
export class Mutator {
  readonly #random: Random;
  readonly #corpus: readonly Uint8Array[];

  constructor(random: Random, corpus: readonly Uint8Array[]) {
    this.#random = random;
    this.#corpus = corpus;
  }

  next(): Uint8Array {
    const random = this.#random;
    let bytes = random.pick(this.#corpus);
    for (let left = 1 + random.below(3); left > 0; left--) bytes = this.#once(bytes);
    return bytes;
  }

  #once(bytes: Uint8Array): Uint8Array {
    const random = this.#random;
    switch (random.below(8)) {
      case 0:
        return bytes.length > HEADER_BYTES && random.once(4)
          ? bytes.slice(0, random.below(bytes.length))
          : this.#edit(bytes);
      case 1: {
        const other = random.pick(this.#corpus);
        return random.once(3)
          ? concat(bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length)))
          : this.#edit(bytes);
      }
      case 2:
      case 3:
        return join(bytes, this.#reorder(split(bytes)));
      case 4:
      case 5:
        return join(bytes, this.#inBody(split(bytes)));
      case 6: {
        const parts = split(bytes);
        if (parts.length === 0) return bytes;
        const at = random.below(parts.length);
        const { id, content } = parts[at]!;
        return join(bytes, parts.with(at, { id, content: this.#edit(content) }));
      }
      default:
        return this.#edit(bytes);
    }
  }

  /** Changes, takes out or puts in a few bytes. */
  #edit(bytes: Uint8Array): Uint8Array {
    const random = this.#random;
    const at = random.below(bytes.length + 1);
    switch (random.below(6)) {
      case 0:
        return concat(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(4)));
      case 1:
        return concat(
          bytes.subarray(0, at),
          Uint8Array.from(random.pick(NUMBERS)),
          bytes.subarray(at + random.below(2)),
        );
      case 2:
        return concat(
          bytes.subarray(0, at),
          Uint8Array.from(random.list(4, () => random.pick(TELLING))),
          bytes.subarray(at),
        );
      case 3:
        return bytes.slice().copyWithin(at, at + random.below(9), at + 4 + random.below(20));
      default: {
        const changed = bytes.slice();
        if (at < changed.length)
          changed[at] = random.once(2) ? random.pick(TELLING) : changed[at]! ^ (1 << random.below(8));
        return changed;
      }
    }
  }

  #reorder(parts: readonly Part[]): readonly Part[] {
    const random = this.#random;
    if (parts.length === 0) return parts;
    const [one, other] = [random.below(parts.length), random.below(parts.length)];
    switch (random.below(5)) {
      case 0:
        return parts.with(one, parts[other]!).with(other, parts[one]!);
      case 1:
        return parts.toSpliced(one, 0, parts[other]!);
      case 2:
        return parts.toSpliced(one, 1);
      case 3:
        return parts.toSpliced(one, 0, {
          id: random.pick([0, 0, random.below(16)]),
          content: Uint8Array.from([1, 0x61, 7]),
        });
      default: {
        const foreign = split(random.pick(this.#corpus)).find(({ id }) => id === parts[one]!.id);
        return foreign ? parts.with(one, foreign) : parts;
      }
    }
  }

  #inBody(parts: readonly Part[]): readonly Part[] {
    const random = this.#random;
    const place = parts.findIndex(({ id }) => id === CODE);
    const bodies = place < 0 ? undefined : splitBodies(parts[place]!.content);
    if (!bodies || bodies.length === 0) return parts;
    const at = random.below(bodies.length);
    const body = random.once(8) ? random.pick(bodies) : this.#edit(bodies[at]!);
    const sizedBodies = bodies.with(at, body).flatMap((one) => [Uint8Array.from(u(one.length)), one]);
    return parts.with(place, { id: CODE, content: concat(Uint8Array.from(u(bodies.length)), ...sizedBodies) });
  }
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function number(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let count = 0; count < 5; count++) {
    const byte = bytes[at + count] ?? 0;
    value += (byte & 0x7f) * 128 ** count;
    if (byte < 0x80) return [value, at + count + 1];
  }
  return [value, at + 5];
}

/** The sections as far as they can be told apart. */
function split(bytes: Uint8Array): Part[] {
  const parts: Part[] = [];
  let at = HEADER_BYTES;
  while (at < bytes.length) {
    const [size, start] = number(bytes, at + 1);
    parts.push({ id: bytes[at]!, content: bytes.subarray(start, start + size) });
    at = start + size;
  }
  return parts;
}

function splitBodies(content: Uint8Array): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  let [left, at] = number(content, 0);
  for (; left > 0 && at < content.length; left--) {
    const [size, start] = number(content, at);
    bodies.push(content.subarray(start, start + size));
    at = start + size;
  }
  return bodies;
}

function join(bytes: Uint8Array, parts: readonly Part[]): Uint8Array {
  const sections = parts.flatMap(({ id, content }) => [Uint8Array.from([id, ...u(content.length)]), content]);
  return concat(bytes.subarray(0, HEADER_BYTES), ...sections);
}
