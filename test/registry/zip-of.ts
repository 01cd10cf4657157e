import { ZipFile } from 'yazl';

const WRITTEN = new Date(2026, 0, 1);

type Files = Record<string, string | Uint8Array>;

/** A zip archive of these files, the same bytes at any time. */
export async function zipOf(
  files: Files,
  options: { mode?: number; forceZip64Format?: boolean; compress?: boolean } = {},
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(content), name, { mtime: WRITTEN, ...options });
  }
  zip.end({ forceZip64Format: options.forceZip64Format ?? false, comment: '' });
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
