import { invalid } from '../../buses/index.ts';
import { Constraints } from '../../registry/constraints.ts';
import { TEXT, type Text, WHOLE, type Whole } from '../service/shape.ts';

export const PAGE: { readonly NextToken: Text; readonly Limit: Whole } = { NextToken: TEXT, Limit: WHOLE };

/** EventBridge answers no more at a time. */
const MOST = 100;

/** The part of a list, in the order of its names, that NextToken and Limit ask for. */
export function toPage<Item>(
  items: readonly Item[],
  asked: { readonly NextToken?: string | undefined; readonly Limit?: number | undefined },
  nameOf: (item: Item) => string,
): { readonly page: readonly Item[]; readonly next: string | undefined } {
  const constraints = new Constraints();
  constraints.range('limit', asked.Limit, { min: 1, max: MOST });
  constraints.assertSatisfied();
  const after = asked.NextToken === undefined ? undefined : parseToken(asked.NextToken);
  const sorted = [...items].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const left = after === undefined ? sorted : sorted.filter((item) => nameOf(item) > after);
  const page = left.slice(0, asked.Limit ?? MOST);
  const last = page.at(-1);
  const hasMore = last !== undefined && left.length > page.length;
  return { page, next: hasMore ? Buffer.from(nameOf(last)).toString('base64url') : undefined };
}

function parseToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (name !== '' && Buffer.from(name).toString('base64url') === token) return name;
  throw invalid('The token is not valid.');
}
