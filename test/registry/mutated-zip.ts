import fc from 'fast-check';

/** Values that readers of numbers stumble over. */
const ODD = [
  0, 1, 2, 8, 9, 0x7f, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];
const SIGNATURES = ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07', 'PK\x07\x08'];
const NAMES = ['../a', '/abs', 'a\\b', 'a\0b', './/a', '....', 'c:xx', '\xff\xfe\xfd\xfc', '/../', 'a/./'];

type Mutation = (zip: Buffer) => Buffer;

/** A number in one of the archive's headers becomes another one. */
const field: fc.Arbitrary<Mutation> = fc
  .record({
    signature: fc.constantFrom(...SIGNATURES),
    offset: fc.integer({ min: 4, max: 45 }),
    value: fc.oneof(fc.constantFrom(...ODD), fc.nat(0xffff)),
    wide: fc.boolean(),
  })
  .map(({ signature, offset, value, wide }) => (zip) => {
    const at = zip.indexOf(signature, 0, 'latin1') + offset;
    if (at < offset || at + 4 > zip.length) return zip;
    if (wide) zip.writeUInt32LE(value, at);
    else zip.writeUInt16LE(value & 0xffff, at);
    return zip;
  });

/** A piece of a name becomes another one of that length, everywhere. */
const name: fc.Arbitrary<Mutation> = fc
  .constantFrom(...NAMES)
  .map((to) => (zip) => Buffer.from(zip.toString('latin1').replaceAll('name', to), 'latin1'));

const byte: fc.Arbitrary<Mutation> = fc
  .record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) })
  .map(({ at, value }) => (zip) => {
    zip[at % zip.length] = value;
    return zip;
  });

/** A piece goes, or is there twice. */
const piece: fc.Arbitrary<Mutation> = fc
  .record({ from: fc.nat(), length: fc.nat(60), twice: fc.boolean() })
  .map(({ from, length, twice }) => (zip) => {
    const start = from % zip.length;
    const end = Math.min(zip.length, start + length);
    return Buffer.concat([zip.subarray(0, twice ? end : start), zip.subarray(twice ? start : end)]);
  });

/** Archives made of these ones, damaged in places that matter. Entries that are called `name` are called something worse. */
export const mutatedZip = (zips: readonly Buffer[]): fc.Arbitrary<Buffer> =>
  fc
    .record({
      zip: fc.constantFrom(...zips),
      mutations: fc.array(fc.oneof(field, field, field, name, byte, piece), { minLength: 1, maxLength: 5 }),
    })
    .map(({ zip, mutations }) => mutations.reduce<Buffer>((bytes, mutate) => mutate(bytes), Buffer.from(zip)));
