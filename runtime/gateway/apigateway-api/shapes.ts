import { type Mapping, mapOf, TEXT, type Text } from '../service/shape.ts';

export const TAGS: Mapping<string> = mapOf(TEXT, 'entry');

/** What operations that list are given. */
export const PAGE: { readonly maxResults: Text; readonly nextToken: Text } = { maxResults: TEXT, nextToken: TEXT };
