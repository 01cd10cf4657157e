/** Which records of a batch are to come again: none, all, or those with these identifiers. */
export type Failures = 'none' | 'all' | ReadonlySet<string>;

/**
 * Reads what a function with `ReportBatchItemFailures` answered. As Lambda has it, an empty answer means that all went well, and one
 * that names nothing of the batch, or cannot be read, that nothing did.
 *
 * ```ts
 * parseFailures(Buffer.from('{"batchItemFailures":[{"itemIdentifier":"b"}]}'), (id) => 'ab'.includes(id)) // Set { 'b' }
 * ```
 */
export function parseFailures(answer: Uint8Array, isOfBatch: (identifier: string) => boolean): Failures {
  const text = Buffer.from(answer).toString().trim();
  if (text === '') return 'none';
  const value = parse(text);
  if (value === undefined) return 'all';
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return 'none';
  if (typeof value !== 'object' || Array.isArray(value)) return 'all';
  const { batchItemFailures: items = null } = value as { readonly batchItemFailures?: unknown };
  if (items === null) return 'none';
  if (!Array.isArray(items)) return 'all';
  const identifiers = items.map((item: unknown) => (item as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  if (!identifiers.every((each): each is string => typeof each === 'string' && each !== '' && isOfBatch(each))) {
    return 'all';
  }
  return identifiers.length === 0 ? 'none' : new Set(identifiers);
}

/** Undefined for what is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
