import { missingParameter, QueueError } from '../../queues/index.ts';
import { FLAG, type List, listOf, structure, TEXT } from '../service/shape.ts';
import { queryCodeOf } from './sqs-errors.ts';

/** An entry of a batch that was refused, which keeps no other from being done. */
export interface FailedEntry {
  readonly Id?: string | undefined;
  readonly SenderFault?: boolean | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
}

export const FAILED_ENTRIES: List<FailedEntry> = listOf(
  structure({ Id: TEXT, SenderFault: FLAG, Code: TEXT, Message: TEXT }),
  'BatchResultErrorEntry',
);

const MOST_ENTRIES = 10;
const ID = /^[\w-]{1,80}$/;

/** The entries of a batch, each with an id of its own. Throws a QueueError for what is no batch. */
export function parseEntries<Entry extends { readonly Id?: string | undefined }>(
  entries: readonly Entry[] | undefined,
  entryName: string,
): readonly (Entry & { readonly Id: string })[] {
  if (entries === undefined || entries.length === 0) {
    throw new QueueError('EmptyBatchRequest', `There should be at least one ${entryName} in the request.`);
  }
  if (entries.length > MOST_ENTRIES) {
    throw new QueueError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const ids = new Set<string>();
  for (const { Id: id } of entries) {
    if (id === undefined) throw missingParameter(`${entryName}.Id`);
    if (!ID.test(id)) {
      throw new QueueError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (ids.has(id)) throw new QueueError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    ids.add(id);
  }
  return entries as readonly (Entry & { readonly Id: string })[];
}

/** Does something for each entry; what is refused of one is told apart from what was done. */
export async function attemptEach<Entry extends { readonly Id: string }, Done>(
  entries: readonly Entry[],
  attempt: (entry: Entry) => Promise<Done> | Done,
): Promise<{
  readonly done: readonly { readonly entry: Entry; readonly result: Done }[];
  readonly failed: readonly FailedEntry[];
}> {
  const done: { entry: Entry; result: Done }[] = [];
  const failed: FailedEntry[] = [];
  const attempts = await Promise.allSettled(entries.map(async (entry) => attempt(entry)));
  for (const [at, outcome] of attempts.entries()) {
    const entry = entries[at] as Entry;
    if (outcome.status === 'fulfilled') done.push({ entry, result: outcome.value });
    else if (!(outcome.reason instanceof QueueError)) throw outcome.reason;
    else {
      const { code, message } = outcome.reason;
      failed.push({ Id: entry.Id, SenderFault: true, Code: queryCodeOf(code), Message: message });
    }
  }
  return { done, failed };
}
