import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A zip archive of these files. */
export async function zip(files: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [name, bytes] of Object.entries(files)) archive.addBuffer(Buffer.from(bytes), name);
  archive.end();
  return await buffer(archive.outputStream as NodeJS.ReadableStream);
}
