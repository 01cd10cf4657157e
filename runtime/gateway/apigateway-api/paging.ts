import { badRequest } from '../../apis/index.ts';

const MOST_RESULTS = 500;

/** One page of items, which stay in the same order while nothing changes. Throws an ApiError for a page that is none. */
export function toPage<Item>(
  items: readonly Item[],
  { maxResults, nextToken }: { readonly maxResults?: string | undefined; readonly nextToken?: string | undefined },
  view: (item: Item) => unknown,
): { readonly items: readonly unknown[]; readonly nextToken?: string } {
  if (maxResults !== undefined && !/^[1-9]\d{0,3}$/.test(maxResults)) throw badRequest('Invalid maxResults.');
  const from = nextToken ? Number(/^page-(\d{1,6})$/.exec(fromBase64(nextToken))?.[1] ?? Number.NaN) : 0;
  if (Number.isNaN(from)) throw badRequest('Invalid nextToken.');
  const until = from + Math.min(Number(maxResults ?? MOST_RESULTS), MOST_RESULTS);
  const shown = items.slice(from, until).map(view);
  if (until >= items.length) return { items: shown };
  return { items: shown, nextToken: Buffer.from(`page-${until}`).toString('base64url') };
}

function fromBase64(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}
