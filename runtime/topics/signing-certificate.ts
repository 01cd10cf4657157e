import { type KeyObject, sign } from 'node:crypto';

/** ASN.1 by DER: a tag, a length, and what is in it. */
function encode(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = Buffer.from(content.length.toString(16).padStart(content.length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

const sequence = (...parts: readonly Uint8Array[]): Uint8Array => encode(0x30, ...parts);
const NULL = encode(0x05);
/** sha256WithRSAEncryption, 1.2.840.113549.1.1.11. */
const ALGORITHM = sequence(encode(0x06, Buffer.from('2a864886f70d01010b', 'hex')), NULL);
/** commonName, 2.5.4.3. */
const COMMON_NAME = encode(0x06, Buffer.from('550403', 'hex'));
/** RFC 5280 for what never ends. */
const FOREVER = encode(0x18, Buffer.from('99991231235959Z'));

/** A certificate, PEM, by which the holder of an RSA key pair says `name` of itself; `serial` is at most 20 bytes. */
export function createCertificate(
  keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
  { name, since, serial }: { readonly name: string; readonly since: Date; readonly serial: Uint8Array },
): string {
  const subject = sequence(encode(0x31, sequence(COMMON_NAME, encode(0x0c, Buffer.from(name)))));
  // Times before 2050 have two digits of the year.
  const from = `${since.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`;
  const content = sequence(
    // Version 3; serial numbers are positive.
    encode(0xa0, encode(0x02, Buffer.from([2]))),
    encode(0x02, Buffer.concat([Buffer.from([1]), serial])),
    ALGORITHM,
    subject,
    sequence(encode(0x17, Buffer.from(from)), FOREVER),
    subject,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = encode(0x03, Buffer.from([0]), sign('sha256', content, keys.privateKey));
  const lines = Buffer.from(sequence(content, ALGORITHM, signature))
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
