import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

/** A key of the bench's own. */
export const ROOT_KEY = {
  accessKeyId: 'AKIABENCHBENCHBENCH0',
  secretAccessKey: 'only-for-a-server-of-the-bench',
} as const;

/** The headers of a POST that this key signs now, good for fifteen minutes: calls may be sent as often as one likes. */
export async function signInvocation(
  url: string,
  path: string,
  body: string,
): Promise<Readonly<Record<string, string>>> {
  const { host, hostname } = new URL(url);
  const signer = new SignatureV4({ service: 'lambda', region: 'us-east-1', credentials: ROOT_KEY, sha256: Sha256 });
  const { headers } = await signer.sign({
    ...{ method: 'POST', protocol: 'http:', hostname, path, headers: { host, 'content-type': 'application/json' } },
    body,
  });
  return headers;
}
