import { LambdaError } from '../../contract/errors.ts';
import type { QueryForm } from './query-form.ts';
import type { XmlValue } from './xml.ts';

/** The part of a list that Marker and MaxItems ask for; `list` is its member's name, items are in the order of their ids. */
export function toQueryPage<Item>(
  form: QueryForm,
  list: string,
  items: readonly Item[],
  view: { readonly id: (item: Item) => string; readonly show: (item: Item) => XmlValue },
): XmlValue {
  const limit = form.integer('MaxItems', { min: 1, max: 1_000, otherwise: 100 });
  form.constraints.assertSatisfied();
  const marker = form.text('Marker');
  const after = marker === undefined ? undefined : parseMarker(marker);
  const start = after === undefined ? 0 : items.findIndex((item) => view.id(item) === after) + 1;
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  const isTruncated = last !== undefined && start + limit < items.length;
  return {
    [list]: page.map(view.show),
    IsTruncated: isTruncated,
    Marker: isTruncated ? Buffer.from(view.id(last)).toString('base64url') : undefined,
  };
}

function parseMarker(marker: string): string {
  const id = Buffer.from(marker, 'base64url').toString();
  if (Buffer.from(id).toString('base64url') === marker) return id;
  throw new LambdaError('ValidationException', 'Invalid Marker.');
}
