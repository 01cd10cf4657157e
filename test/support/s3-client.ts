import { type HeadObjectCommandOutput, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { type AccessKey, readKey } from './query-client.ts';

/** AWS's client of an Isola; with its root key unless another is given. */
export function createS3Client(
  isola: { readonly url: string; readonly running: { readonly credentialsFile: string } },
  options: S3ClientConfig & { readonly key?: AccessKey } = {},
): S3Client {
  const { key = readKey(isola.running.credentialsFile), ...rest } = options;
  return new S3Client({ endpoint: isola.url, region: 'us-east-1', maxAttempts: 1, credentials: key, ...rest });
}

/** The name of what a call is refused with, and its status. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    const { name, $metadata } = error as Error & Pick<HeadObjectCommandOutput, '$metadata'>;
    return `${name} ${$metadata?.httpStatusCode}`;
  }
}
