import { type Condition, invalidArgument, type ObjectRecord, preconditionFailed } from '../../buckets/index.ts';

/** The headers of a conditional request, whatever their names begin with. */
export type ConditionHeaders = Readonly<Record<string, string | undefined>>;

/** Whether an object is to be answered: RFC 9110, section 13.2.2. Throws a PreconditionFailed. */
export function weigh({ details }: ObjectRecord, headers: ConditionHeaders): 'send' | 'not-modified' {
  const { etag, modifiedAt } = details;
  const seconds = Math.floor(modifiedAt / 1_000);
  const match = headers['if-match'];
  const since = secondsOf(headers['if-unmodified-since']);
  if (match !== undefined ? !names(match, etag) : since !== undefined && seconds > since) throw preconditionFailed();
  const noneMatch = headers['if-none-match'];
  if (noneMatch !== undefined) return names(noneMatch, etag) ? 'not-modified' : 'send';
  const modified = secondsOf(headers['if-modified-since']);
  return modified !== undefined && seconds <= modified ? 'not-modified' : 'send';
}

/** What a request that changes an object demands of the one that is there. */
export function parseCondition(headers: ConditionHeaders): Condition {
  const [ifMatch, ifNoneMatch] = [headers['if-match'], headers['if-none-match']];
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') {
    throw invalidArgument('If-None-Match must be * where an object is put.');
  }
  return {
    ...(ifMatch === undefined ? {} : { ifMatch: bare(ifMatch) }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch: '*' }),
  };
}

function names(list: string, etag: string): boolean {
  return list.split(',').some((each) => bare(each) === '*' || bare(each) === etag);
}

function bare(etag: string): string {
  return etag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');
}

function secondsOf(date: string | undefined): number | undefined {
  const epochMs = Date.parse(date ?? '');
  return Number.isNaN(epochMs) ? undefined : Math.floor(epochMs / 1_000);
}
