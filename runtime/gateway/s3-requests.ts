import type { RequestHead } from './request-head.ts';

const SCOPE = '/s3/aws4_request';
const HOST = /(?:^|\.)s3\.localhost(?::\d{1,5})?$/i;

/**
 * True of requests to S3, which has all paths: those that are signed for `s3`, in the header or in the query, and those to the
 * hosts `s3.localhost` and `{bucket}.s3.localhost`.
 */
export function isForS3({ headers, rawQuery, query }: RequestHead): boolean {
  if (isSignedForS3(headers.authorization)) return true;
  if (rawQuery.includes('X-Amz-Credential=')) {
    return query.some(([name, value]) => name === 'X-Amz-Credential' && value.endsWith(SCOPE));
  }
  return HOST.test(headers.host ?? '');
}

export function isSignedForS3(authorization: string | undefined): boolean {
  return authorization?.includes(`${SCOPE},`) === true || authorization?.endsWith(SCOPE) === true;
}
