import { NodeSha256 } from './node-sha256.ts';

/** How long a link may be followed, in seconds: as long as Lambda's own. */
export const LINK_SECONDS = 600;

export interface PresignOptions {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** The Host header that the link's follower will send. */
  readonly host: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Signs a GET of `path`, which needs no percent-encoding, in its query; answers the request target. */
export async function presignGet(path: string, options: PresignOptions): Promise<string> {
  const { accessKeyId, secretAccessKey, region, host, now } = options;
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const signer = new SignatureV4({
    service: 'lambda',
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: NodeSha256,
  });
  const { query = {} } = await signer.presign(
    { method: 'GET', protocol: 'http:', hostname: 'localhost', path, query: {}, headers: { host } },
    { signingDate: new Date(now), expiresIn: LINK_SECONDS },
  );
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return `${path}?${pairs.join('&')}`;
}
