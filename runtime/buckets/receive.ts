import type { ObjectFiles } from '../store/object-files.ts';
import { BucketError } from './bucket-error.ts';
import { type Checksum, ContentDigest } from './checksum.ts';
import { assertDigest, type Upload } from './upload.ts';

/** What was received, in a file of its own. */
export interface Received {
  readonly file: string;
  readonly md5: Buffer;
  readonly checksum?: Checksum;
}

/** Writes an upload's content to a new file; resolves when that survives a crash. What is not what was meant leaves nothing. */
export async function receive(
  files: ObjectFiles,
  { content, bytes, algorithm, expected }: Pick<Upload, 'content' | 'bytes' | 'algorithm' | 'expected'>,
): Promise<Received> {
  const writer = await files.create();
  try {
    const digest = new ContentDigest(algorithm);
    let received = 0;
    for await (const piece of content) {
      received += piece.byteLength;
      if (received > bytes) break;
      digest.update(piece);
      await writer.write(piece);
    }
    if (received !== bytes) {
      throw new BucketError(
        'IncompleteBody',
        'You did not provide the number of bytes specified by the Content-Length HTTP header',
      );
    }
    const sums = digest.finish();
    assertDigest(expected?.() ?? {}, { md5: sums.md5, checksum: sums.checksum?.value });
    await writer.finish();
    return { file: writer.file, ...sums };
  } catch (error) {
    await writer.discard();
    await files.remove(writer.file);
    throw error;
  }
}
