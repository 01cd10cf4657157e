import { BucketError } from '../../buckets/index.ts';

/** Bytes of an object. */
export interface Range {
  readonly start: number;
  readonly length: number;
}

/** What a Range header asks for of so many bytes; undefined for all of them, which S3 also answers to several ranges. Throws an InvalidRange. */
export function parseRange(header: string | undefined, bytes: number): Range | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start >= bytes || (first === '' && Number(last) === 0)) {
    throw new BucketError('InvalidRange', 'The requested range is not satisfiable');
  }
  return { start, length: end - start + 1 };
}
