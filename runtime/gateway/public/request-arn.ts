import type { Located } from '../../apis/index.ts';

/** A longer path is compared with no policy: it would take long. */
const MOST_PATH = 4_096;

/**
 * By which policies know a request: `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path`. The path is percent-decoded, as
 * routes compare it, so that no other way to write it gets around a policy; but a slash stays `%2F` that divides nothing, and a
 * colon is `%3A`, as in a policy it would divide what stands before the path. Undefined where the path is too long.
 */
export function toRequestArn({ api, stage, path }: Located, method: string): string | undefined {
  if (path.length > MOST_PATH) return undefined;
  const decoded = path.split('/').map(decode).join('/');
  return `arn:aws:execute-api:${api.region}:${api.accountId}:${api.apiId}/${stage.stageName}/${method}${decoded}`;
}

function decode(segment: string): string {
  return decodeOrKeep(segment).replace(/[/:]/g, (divider) => (divider === '/' ? '%2F' : '%3A'));
}

function decodeOrKeep(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
