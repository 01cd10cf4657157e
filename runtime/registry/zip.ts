import { setImmediate } from 'node:timers/promises';
import type { Entry, ZipFile } from 'yauzl';
import { fromBufferPromise } from 'yauzl';
import { LambdaError } from '../contract/errors.ts';
import { UNZIPPED_BYTES, ZIP_ENTRIES } from '../contract/limits.ts';
import { extractEntry } from './extract-entry.ts';
import { layOut, type PackageFiles, type Sharing } from './package-files.ts';

/** How long small files are unpacked before others may run, in milliseconds. */
const TURN_MS = 5;
const NAME_BYTES = 1_024;
const STORED = 0;
const DEFLATED = 8;
const FILE_TYPE = 0o170000;
const FILE_TYPES: readonly number[] = [0, 0o100000, 0o040000];

/** Bounds of an archive; the defaults are Lambda's. */
export interface ZipLimits {
  readonly unzippedBytes: number;
  readonly entries: number;
}

const LIMITS: ZipLimits = { unzippedBytes: UNZIPPED_BYTES, entries: ZIP_ENTRIES };

/**
 * Reads a whole zip archive into memory. The archive is hostile until proven otherwise: sizes are bounded before and while
 * inflating, checksums are verified, and names that leave the archive, collide, or are no plain files are refused.
 * Throws an InvalidParameterValueException and nothing else.
 */
export async function readZip(
  bytes: Uint8Array,
  limits: ZipLimits = LIMITS,
  sharing: Sharing = 'own',
): Promise<PackageFiles> {
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      decodeStrings: false,
    });
    if (zip.entryCount > limits.entries) {
      throw unreadable(`it has ${zip.entryCount} entries, and ${limits.entries} are allowed`);
    }
    const entries = await listFiles(zip, limits);
    const places = layOut(
      [...entries].map(([name, { uncompressedSize }]) => [name, uncompressedSize]),
      sharing,
    );
    await extractAll(zip, bytes, entries, places);
    return places;
  } catch (error) {
    throw error instanceof LambdaError ? error : unreadable();
  }
}

async function listFiles(zip: ZipFile, limits: ZipLimits): Promise<Map<string, Entry>> {
  const files = new Map<string, Entry>();
  const { unzippedBytes } = limits;
  const directories = new Set<string>();
  let declared = 0;
  for await (const entry of zip.eachEntry()) {
    const { path, isDirectory } = parsePath(entry.fileNameRaw);
    assertPlain(entry, path);
    declared += entry.uncompressedSize;
    if (declared > unzippedBytes) {
      throw new LambdaError(
        'InvalidParameterValueException',
        `Unzipped size must be smaller than ${unzippedBytes} bytes`,
      );
    }
    if (!isDirectory && files.has(path)) throw unreadable(`it has two entries named ${shown(path)}`);
    if (isDirectory) directories.add(path);
    else files.set(path, entry);
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) directories.add(path.slice(0, at));
    if (directories.size > limits.entries) throw unreadable(`it has more than ${limits.entries} directories`);
  }
  for (const path of files.keys()) {
    if (directories.has(path)) throw unreadable(`${shown(path)} is both a file and a directory`);
  }
  return files;
}

function parsePath(raw: Uint8Array): { path: string; isDirectory: boolean } {
  if (raw.length > NAME_BYTES) throw unreadable(`an entry's name is longer than ${NAME_BYTES} bytes`);
  let name: string;
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    throw unreadable("an entry's name is not UTF-8");
  }
  if (name.includes('\0') || name.includes('\\')) {
    throw unreadable(`the name ${shown(name)} has a character that is not allowed`);
  }
  if (name.startsWith('/') || /^[a-zA-Z]:/.test(name)) throw unreadable(`the name ${shown(name)} is an absolute path`);
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) throw unreadable(`the name ${shown(name)} leads out of the package`);
  const isDirectory = name.endsWith('/') || name === '.';
  if (segments.length === 0 && !isDirectory) throw unreadable('an entry has no name');
  return { path: segments.join('/'), isDirectory };
}

function assertPlain(entry: Entry, path: string): void {
  if (entry.isEncrypted()) throw unreadable(`${shown(path)} is encrypted`);
  if (!FILE_TYPES.includes((entry.externalFileAttributes >>> 16) & FILE_TYPE)) {
    throw unreadable(`${shown(path)} is a link or a device, and only files are allowed`);
  }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw unreadable(
      `${shown(path)} is compressed by method ${entry.compressionMethod}, and only deflate is supported`,
    );
  }
}

async function extractAll(
  zip: ZipFile,
  bytes: Uint8Array,
  entries: ReadonlyMap<string, Entry>,
  places: PackageFiles,
): Promise<void> {
  let lastTurn = performance.now();
  for (const [name, entry] of entries) {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const data = bytes.subarray(fileDataStart, fileDataStart + entry.compressedSize);
    const packed = { data, isStored: entry.compressionMethod === STORED, crc32: entry.crc32 };
    if (!(await extractEntry(packed, places.get(name) as Uint8Array))) throw unreadable(`${shown(name)} is damaged`);
    if (performance.now() - lastTurn < TURN_MS) continue;
    await setImmediate();
    lastTurn = performance.now();
  }
}

/** Lambda's own sentence, with the cause put in where one is known. */
function unreadable(cause?: string): LambdaError {
  return new LambdaError(
    'InvalidParameterValueException',
    `Could not unzip uploaded file${cause === undefined ? '' : `: ${cause}`}. Please check your file, then try to upload again.`,
  );
}

function shown(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}...` : name);
}
