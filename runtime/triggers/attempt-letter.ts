import type { Deliver, Delivery, DeliveryAttributes, DeliveryRefusal } from '../contract/delivery.ts';
import type { DeadLetter, Letter, RetryTerms } from '../contract/letter.ts';
import type { Observer } from '../contract/observer.ts';
import type { LetterProgress, PostedLetter } from '../store/outbox-store.ts';

export interface AttemptDeps {
  readonly deliver: Deliver;
  readonly observer: Observer;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** What becomes of a letter: done with when undefined, however that ended. */
export type LetterVerdict = LetterProgress | undefined;

/** Why a letter is given up. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly condition?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
  readonly attempts: number;
}

/** SQS's longest attribute is longer; what failed is said shorter. */
const MOST_MESSAGE_CHARACTERS = 1_024;

/**
 * Makes one attempt at a letter, if it still may be delivered; what is given up becomes a dead letter where it has a place,
 * and the operator is told otherwise. `last` is what the attempt before failed of, where that is known.
 */
export async function attemptLetter(
  posted: PostedLetter,
  letter: Letter,
  { deps, last }: { readonly deps: AttemptDeps; readonly last: string | undefined },
): Promise<{ readonly verdict: LetterVerdict; readonly failed?: string }> {
  const { retry } = letter;
  const over = conditionOf(posted, retry, deps.clock());
  let failure: Failure;
  if (over !== undefined) {
    const message = last ?? 'It could not be delivered in time.';
    failure = { code: 'ERROR_FROM_TARGET', message, condition: over, attempts: posted.attempts };
  } else {
    const { refused, failed, code = 'SDK_CLIENT_ERROR' } = await attempt(deps.deliver, letter.delivery);
    if (refused === undefined && failed === undefined) return { verdict: undefined };
    if (failed !== undefined) {
      const attempts = posted.attempts + 1;
      const now = deps.clock();
      const deadline = posted.postedAt + retry.ageMs;
      const dueAt = attempts > retry.attempts ? now : Math.min(now + delayOf(retry, attempts), Math.max(now, deadline));
      return { verdict: { id: posted.id, attempts, dueAt }, failed };
    }
    failure = { code, message: refused ?? '', attempts: posted.attempts };
  }
  const failed = await giveUp(letter, failure, deps);
  if (failed === undefined) return { verdict: undefined };
  // Its place for dead letters is in trouble itself: what was given up waits for that.
  const { id, attempts } = posted;
  return { verdict: { id, attempts, dueAt: deps.clock() + retry.lastDelayMs }, failed: failure.message };
}

function conditionOf({ attempts, postedAt }: PostedLetter, retry: RetryTerms, now: number): Failure['condition'] {
  if (attempts > retry.attempts) return 'MaximumRetryAttempts';
  return attempts > 0 && now >= postedAt + retry.ageMs ? 'MaximumEventAgeInSeconds' : undefined;
}

function delayOf({ firstDelayMs, lastDelayMs }: RetryTerms, attempts: number): number {
  return Math.min(firstDelayMs * 2 ** (attempts - 1), lastDelayMs);
}

async function attempt(
  deliver: Deliver,
  delivery: Delivery,
): Promise<Partial<DeliveryRefusal> & { readonly failed?: string }> {
  try {
    return await deliver(delivery);
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

/** Answers why it must be tried again. */
async function giveUp(letter: Letter, failure: Failure, deps: AttemptDeps): Promise<string | undefined> {
  const { delivery, deadLetter } = letter;
  const reason = `${delivery.arn} gets no delivery of ${nameOf(delivery)}: ${failure.message}`;
  if (deadLetter === undefined) {
    deps.observer.noticed('warn', reason);
    return undefined;
  }
  const { refused, failed } = await attempt(deps.deliver, toDelivery(letter, deadLetter, failure));
  if (refused !== undefined) deps.observer.noticed('warn', `${reason} Nor does ${deadLetter.arn}: ${refused}`);
  return failed;
}

function nameOf({ sender }: Delivery): string {
  return sender.kind === 'role' ? sender.arn : sender.sourceArn;
}

function toDelivery({ delivery }: Letter, deadLetter: DeadLetter, failure: Failure): Delivery {
  const { arn, sender, body = delivery.body, attributes, reasons } = deadLetter;
  const said: readonly (readonly [string | undefined, string | undefined])[] = [
    [reasons.code, failure.code],
    [reasons.message, toPrintable(failure.message.slice(0, MOST_MESSAGE_CHARACTERS))],
    [reasons.condition, failure.condition],
    [reasons.attempts, String(failure.attempts)],
  ];
  const why: DeliveryAttributes = Object.fromEntries(
    said.flatMap(([name, text]) => (name && text ? [[name, { DataType: 'String', StringValue: text }]] : [])),
  );
  const { groupId, deduplicationId, traceId } = delivery;
  return {
    ...{ arn, sender, body, attributes: { ...attributes, ...why } },
    ...(groupId === undefined ? {} : { groupId }),
    ...(deduplicationId === undefined ? {} : { deduplicationId }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

function toPrintable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what no message may hold
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}
