import { createHmac } from 'node:crypto';

/** What a signing key is for. */
export interface SigningScope {
  /** `20260301`. */
  readonly shortDate: string;
  readonly region: string;
  readonly service: string;
}

/** Keys that are kept, the last made. A client needs one a day. */
const KEPT = 256;
const keys = new Map<string, Buffer>();

/** The key that a secret's signatures of one day, region and service are made with. */
export function toSigningKey(secretAccessKey: string, { shortDate, region, service }: SigningScope): Buffer {
  const name = `${shortDate}/${region}/${service}/${secretAccessKey}`;
  const known = keys.get(name);
  if (known) return known;
  const steps = [shortDate, region, service, 'aws4_request'];
  const key = steps.reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`));
  keys.set(name, key);
  const [oldest] = keys.keys();
  if (keys.size > KEPT && oldest !== undefined) keys.delete(oldest);
  return key;
}

export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
