import { invalidParameter } from '../../topics/index.ts';

/** SNS answers no more at a time. */
const MOST = 100;

/** The part of a list that a token asks for; items are in the order of their ids. */
export function toPage<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  token: string | undefined,
): { readonly page: readonly Item[]; readonly token: string | undefined } {
  const after = token === undefined ? '' : parseToken(token);
  const left = items.filter((item) => idOf(item) > after).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const page = left.slice(0, MOST);
  const last = page.at(-1);
  const hasMore = last !== undefined && left.length > page.length;
  return { page, token: hasMore ? Buffer.from(idOf(last)).toString('base64url') : undefined };
}

function parseToken(token: string): string {
  const id = Buffer.from(token, 'base64url').toString();
  if (id !== '' && Buffer.from(id).toString('base64url') === token) return id;
  throw invalidParameter('NextToken');
}
