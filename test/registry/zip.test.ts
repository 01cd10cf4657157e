import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { LambdaError } from '../../runtime/contract/errors.ts';
import { readZip } from '../../runtime/registry/zip.ts';
import { zipOf } from './zip-of.ts';

/** Renames an entry in place, in both of its headers; yazl itself refuses hostile names. */
function renamed(zip: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new Error('names must be of the same length');
  return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
}

/** Overwrites a field of the first central directory record. */
function patched(zip: Buffer, offset: number, write: (at: number, copy: Buffer) => void): Buffer {
  const copy = Buffer.from(zip);
  write(copy.indexOf('PK\x01\x02', 0, 'latin1') + offset, copy);
  return copy;
}

describe('a zip archive', () => {
  it.each([{}, { compress: false }, { forceZip64Format: true }])('is read whole: %j', async (options) => {
    const files = { bootstrap: 'program', 'deep/er/file.txt': 'text', 'größe.txt': 'umlaut', empty: '' };
    const read = await readZip(await zipOf(files, options));
    expect(Object.fromEntries([...read].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]))).toEqual(files);
  });

  it('may have directories and a leading ./', async () => {
    const zip = new ZipFile();
    zip.addEmptyDirectory('folder');
    zip.addBuffer(Buffer.from('x'), 'xyfolder/a');
    zip.end();
    const chunks: Buffer[] = [];
    for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
    expect([...(await readZip(renamed(Buffer.concat(chunks), 'xyfolder/a', './folder/a'))).keys()]).toEqual([
      'folder/a',
    ]);
  });

  const hostileNames: [string, string, string][] = [
    ['xx/outside', '../outside', 'leads out of the package'],
    ['a/xx/xx/b', 'a/../../b', 'leads out of the package'],
    ['xetc', '/etc', 'absolute path'],
    ['xxetc', 'C:etc', 'absolute path'],
    ['axb', 'a\\b', 'not allowed'],
    ['a.b', 'a\0b', 'not allowed'],
    ['axb', 'a\xffb', 'not UTF-8'],
  ];
  it.each(hostileNames)('with %j made %j is refused', async (from, to, message) => {
    await expect(readZip(renamed(await zipOf({ [from]: 'x' }), from, to))).rejects.toThrow(message);
  });

  it('is refused for two entries of one name, however it is spelt', async () => {
    const zip = await zipOf({ 'first/a': '1', 'other/a': '2' });
    await expect(readZip(renamed(zip, 'other/a', 'first/a'))).rejects.toThrow('two entries named "first/a"');
    const respelt = renamed(await zipOf({ 'first/a': '1', 'xxfirst/a': '2' }), 'xxfirst/a', './first/a');
    await expect(readZip(respelt)).rejects.toThrow('two entries named "first/a"');
  });

  it('is refused for a name that is a file and a directory', async () => {
    await expect(readZip(await zipOf({ a: '1', 'a/b': '2' }))).rejects.toThrow('"a" is both a file and a directory');
  });

  it.each([
    ['link', 0o120777],
    ['device', 0o020666],
    ['pipe', 0o010666],
  ])('is refused for a %s', async (_, mode) => {
    await expect(readZip(await zipOf({ a: '/etc/passwd' }, { mode }))).rejects.toThrow('is a link or a device');
  });

  it('is refused when it is encrypted or compressed in an unknown way', async () => {
    const zip = await zipOf({ a: 'secret' });
    await expect(readZip(patched(zip, 8, (at, copy) => copy.writeUInt16LE(1, at)))).rejects.toThrow('is encrypted');
    await expect(readZip(patched(zip, 8, (at, copy) => copy.writeUInt16LE(0x41, at)))).rejects.toThrow(LambdaError);
    await expect(readZip(patched(zip, 10, (at, copy) => copy.writeUInt16LE(99, at)))).rejects.toThrow('method 99');
  });

  it('is refused when a checksum is wrong', async () => {
    const zip = await zipOf({ a: 'content' });
    await expect(readZip(patched(zip, 16, (at, copy) => copy.writeUInt32LE(1, at)))).rejects.toThrow('"a" is damaged');
  });

  it('is refused by what it declares, before anything is inflated', async () => {
    const zip = await zipOf({ a: 'content' });
    const bomb = patched(zip, 24, (at, copy) => copy.writeUInt32LE(262_144_001, at));
    await expect(readZip(bomb)).rejects.toThrow('Unzipped size must be smaller than 262144000 bytes');
    const many = await zipOf({ a: 'x'.repeat(60), b: 'x'.repeat(60) });
    await expect(readZip(many, { unzippedBytes: 100, entries: 10 })).rejects.toThrow('Unzipped size must be smaller');
  });

  it('is refused when it inflates to more than it declares', async () => {
    const zip = await zipOf({ a: Buffer.alloc(10_000_000) });
    const liar = patched(zip, 24, (at, copy) => copy.writeUInt32LE(10, at));
    await expect(readZip(liar)).rejects.toThrow('Could not unzip uploaded file');
  });

  it('is refused for too many entries and too long a name', async () => {
    const many = await zipOf({ a: '1', b: '2', c: '3' });
    await expect(readZip(many, { unzippedBytes: 100, entries: 2 })).rejects.toThrow(
      'it has 3 entries, and 2 are allowed',
    );
    await expect(readZip(await zipOf({ ['x'.repeat(1_025)]: '1' }))).rejects.toThrow('longer than 1024 bytes');
  });

  it('is refused for names so deep that they make too many directories', async () => {
    const deep = await zipOf({ 'a/b/c/d': '1', 'e/f/g/h': '2' });
    await expect(readZip(deep, { unzippedBytes: 100, entries: 5 })).rejects.toThrow('it has more than 5 directories');
    expect((await readZip(deep, { unzippedBytes: 100, entries: 6 })).size).toBe(2);
  });

  it("is refused in Lambda's own words when it is none", async () => {
    await expect(readZip(Buffer.from('hello'))).rejects.toThrow(
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    );
  });

  describe('that was tampered with', () => {
    const zips: Buffer[] = [];
    beforeAll(async () => {
      const files = { bootstrap: 'program '.repeat(50), 'a/b': 'text', c: '' };
      for (const options of [{}, { compress: false }, { forceZip64Format: true }])
        zips.push(await zipOf(files, options));
    });
    const mutation = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) });

    it('is read or refused with a LambdaError, and nothing else happens', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.nat(2),
          fc.array(mutation, { minLength: 1, maxLength: 8 }),
          fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, fc.nat()),
          async (which, mutations, cut) => {
            const zip = Buffer.from(zips[which] as Buffer);
            for (const { at, value } of mutations) zip[at % zip.length] = value;
            const bytes = cut === undefined ? zip : zip.subarray(0, cut % zip.length);
            const files = await readZip(bytes).catch((error: unknown) => {
              expect(error).toBeInstanceOf(LambdaError);
              return new Map<string, Uint8Array>();
            });
            for (const name of files.keys()) expect(name).not.toMatch(/^\/|\\|\0|(^|\/)\.\.(\/|$)/);
          },
        ),
        { numRuns: 1_500 },
      );
    });

    it('is refused at every length that is too short', async () => {
      const [zip] = zips as [Buffer];
      for (let length = 0; length < zip.length; length++) {
        await expect(readZip(zip.subarray(0, length))).rejects.toBeInstanceOf(LambdaError);
      }
    });
  });
});
