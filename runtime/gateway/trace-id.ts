import { randomBytes } from 'node:crypto';

const SAFE = /^[A-Za-z0-9=;:_.-]{1,256}$/;

/** The caller's trace header when it is well formed, else a new unsampled one in X-Ray's format. */
export function toTraceId(header: string | undefined, now: number): string {
  if (header !== undefined && SAFE.test(header) && header.includes('Root=')) return header;
  const random = randomBytes(20).toString('hex');
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${random.slice(0, 24)};Parent=${random.slice(24)};Sampled=0`;
}
