import { invalidParameter, type QueueRecord } from '../../queues/index.ts';
import { toQueueUrl } from './queue-url.ts';

/** SQS answers no more at a time, and without MaxResults no further page. */
const MOST = 1_000;

/** The part of a list of queues, in the order of their names, that NextToken and MaxResults ask for. */
export function toUrlPage(
  host: string,
  queues: readonly QueueRecord[],
  {
    NextToken: token,
    MaxResults: most,
  }: { readonly NextToken?: string | undefined; readonly MaxResults?: number | undefined },
): { readonly urls: readonly string[]; readonly token: string | undefined } {
  if (most !== undefined && (most < 1 || most > MOST)) {
    throw invalidParameter(most, 'MaxResults', 'Must be between 1 and 1000, if provided.');
  }
  if (token !== undefined && most === undefined) {
    throw invalidParameter(
      token,
      'NextToken',
      'MaxResults is a mandatory parameter when you provide a value for NextToken.',
    );
  }
  const after = token === undefined ? '' : parseToken(token);
  const left = queues.filter(({ name }) => name > after);
  const page = left.slice(0, most ?? MOST);
  const last = page.at(-1);
  const hasMore = most !== undefined && last !== undefined && left.length > page.length;
  return {
    urls: page.map((queue) => toQueueUrl(host, queue)),
    token: hasMore ? Buffer.from(last.name).toString('base64url') : undefined,
  };
}

function parseToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(name).toString('base64url') === token) return name;
  throw invalidParameter(token, 'NextToken', 'Invalid NextToken.');
}
