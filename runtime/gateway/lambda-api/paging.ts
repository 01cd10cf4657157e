import { LambdaError } from '../../contract/errors.ts';
import { Constraints } from '../../registry/constraints.ts';

/** What Lambda gives at most, however many a client asks for. */
const PAGE_ITEMS = 50;
const MODEL_ITEMS = 10_000;

export interface Page {
  readonly after?: string;
  readonly limit: number;
}

/** Reads Marker and MaxItems. A marker is the last item's name, in base64 so that nobody builds one by hand. */
export function parsePage(query: URLSearchParams): Page {
  const constraints = new Constraints();
  const asked = query.get('MaxItems') ?? String(PAGE_ITEMS);
  constraints.matches('maxItems', asked, /^\d{1,9}$/, '[0-9]+');
  constraints.assertSatisfied();
  constraints.range('maxItems', Number(asked), { min: 1, max: MODEL_ITEMS });
  constraints.assertSatisfied();
  const limit = Math.min(Number(asked), PAGE_ITEMS);
  const marker = query.get('Marker');
  if (marker === null || marker === '') return { limit };
  const after = Buffer.from(marker, 'base64url').toString();
  if (toMarker(after) !== marker) {
    throw new LambdaError('InvalidParameterValueException', 'The marker is not one that an earlier page gave.');
  }
  return { after, limit };
}

/** Cuts `items`, fetched with one more than the limit, to a page; the marker is absent on the last one. */
export function toPage<T>(
  items: readonly T[],
  page: Page,
  nameOf: (item: T) => string,
): { items: readonly T[]; marker?: string } {
  const last = items[page.limit - 1];
  if (items.length <= page.limit || last === undefined) return { items };
  return { items: items.slice(0, page.limit), marker: toMarker(nameOf(last)) };
}

function toMarker(name: string): string {
  return Buffer.from(name).toString('base64url');
}
