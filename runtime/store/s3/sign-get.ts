import type { ObjectName } from '../../contract/object-source.ts';

export interface SigningOptions {
  /** Base URL of a server that speaks S3, path-style. */
  readonly endpoint: URL;
  readonly region: string;
  /** Absent: the request is not signed. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The request target and headers of a GET of an object, path-style. */
export async function signGet(
  { bucket, key, version }: ObjectName,
  { endpoint, region, credentials }: SigningOptions,
): Promise<{ readonly path: string; readonly headers: Readonly<Record<string, string>> }> {
  const path = `/${encode(bucket)}/${key.split('/').map(encode).join('/')}`;
  const target = version === undefined ? path : `${path}?versionId=${encode(version)}`;
  const headers = { host: endpoint.host };
  if (credentials === undefined) return { path: target, headers };
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@aws-crypto/sha256-js'),
  ]);
  const signer = new SignatureV4({ service: 's3', region, credentials, sha256: Sha256, uriEscapePath: false });
  const signed = await signer.sign({
    ...{ method: 'GET', protocol: endpoint.protocol, hostname: endpoint.hostname, path, headers },
    query: version === undefined ? {} : { versionId: version },
  });
  return { path: target, headers: signed.headers };
}

/** As SigV4 encodes: everything but letters, digits and `-_.~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
