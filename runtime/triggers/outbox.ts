import { type Letter, OutboxFull, type Post } from '../contract/letter.ts';
import type { LetterProgress, OutboxStore, PostedLetter, Posting } from '../store/outbox-store.ts';
import { type AttemptDeps, attemptLetter } from './attempt-letter.ts';
import { Backlog } from './backlog.ts';
import { Journal } from './journal.ts';
import { fromContent, toContent } from './letter-content.ts';
import { LineRunner } from './line-runner.ts';
import { Lines } from './lines.ts';

export interface OutboxDeps extends AttemptDeps {
  readonly store: OutboxStore;
  /** What may wait; one more is refused. */
  readonly most: { readonly letters: number; readonly size: number };
  /** The same of one ARN, so that what is out of order there takes no room from others; all that there is when absent. */
  readonly mostOfOne?: number;
}

/** Letters that are delivered at a time to one ARN. */
const RUNNING_OF_ONE = 16;
/** The same of those that leave the house, to endpoints of topics: these may be slow, and are not to hold up the others. */
const OUTSIDE = 32;
const OUTSIDE_OF_ONE = 4;
/** When a letter is tried again that our own store failed to read. */
const TROUBLE_MS = 1_000;

/**
 * Delivers letters that must arrive: one is durable before it is accepted, and is delivered at least once, however often the
 * process is killed, or given up as its terms say. ARNs take turns.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #journal: Journal<Posting, LetterProgress>;
  readonly #lines = new Lines<PostedLetter>(({ line }) => line);
  /** What letters failed of last, by id: only what is not known after a restart either. */
  readonly #failures = new Map<number, string>();
  readonly #runner: LineRunner<PostedLetter>;
  readonly #backlog: Backlog<PostedLetter>;
  /** How many wait, by ARN. */
  readonly #waiting = new Map<string, number>();
  #outside = 0;
  #letters = 0;
  #size = 0;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.#journal = new Journal({
      ...{ observer: deps.observer, subject: 'Deliveries' },
      write: (changes) => deps.store.write(changes),
    });
    this.#backlog = new Backlog({
      count: () => this.#countStored(),
      page: (after, limit) => deps.store.page(after, limit),
      take: (letter) => {
        this.#wait(letter, 1);
        this.#lineUp(letter);
      },
      isStopped: () => this.#runner.isStopped,
      failed: ({ message }) => deps.observer.noticed('error', `Deliveries cannot be read: ${message}`),
    });
    this.#runner = new LineRunner({
      ...{ lines: this.#lines, clock: deps.clock },
      run: (letter) => this.#run(letter),
      mostOf: (letter) => this.#mostOf(letter),
    });
  }

  /** Letters that wait or are being delivered. */
  get size(): number {
    return this.#letters;
  }

  /** The times that are remembered. */
  marks(): Promise<ReadonlyMap<string, number>> {
    return this.#deps.store.marks();
  }

  readonly post: Post = async (letters, mark) => {
    await this.#backlog.counted();
    const now = this.#deps.clock();
    const posted = letters.map((letter) => ({ letter: toPosted(letter, now), content: toContent(letter) }));
    const size = posted.reduce((sum, { content }) => sum + content.length, 0);
    const { most } = this.#deps;
    const isFull = this.#letters + posted.length > most.letters || this.#size + size > most.size;
    if ((isFull || this.#isBehind(posted)) && posted.length > 0) throw new OutboxFull();
    const heads = posted.map(({ letter, content }) => ({
      ...letter,
      id: this.#backlog.nextId(),
      size: content.length,
    }));
    this.#count(heads.length, size);
    for (const head of heads) this.#wait(head, 1);
    try {
      const letters = heads.map((letter, at) => ({ letter, content: posted[at]?.content ?? '' }));
      await this.#journal.add({ letters, ...(mark === undefined ? {} : { mark }) }, size);
    } catch (error) {
      this.#count(-heads.length, -size);
      for (const head of heads) this.#wait(head, -1);
      throw error;
    }
    // What an earlier process has left is older.
    void this.#backlog.taken().then(() => heads.forEach((head) => void this.#lineUp(head)));
  };

  /** Takes up what an earlier process has left. Never rejects: the observer is told. */
  open(): Promise<void> {
    return this.#backlog.taken();
  }

  /** Begins nothing any more; resolves when nothing runs. What is not done stays for the next process. */
  drain(): Promise<void> {
    return this.#runner.drain();
  }

  /** Writes what is to be written. */
  async close(): Promise<void> {
    await this.drain();
    await this.#backlog.settled();
    await this.#journal.close();
  }

  async #countStored(): Promise<number> {
    const { letters, size, lastId } = await this.#deps.store.summary();
    this.#count(letters, size);
    return lastId;
  }

  #lineUp(letter: PostedLetter): void {
    this.#lines.add(letter, letter.inOrder ? letter.dueAt : this.#deps.clock());
    this.#runner.schedule();
  }

  #mostOf(letter: PostedLetter): number {
    if (letter.inOrder) return 1;
    if (!isOutside(letter)) return RUNNING_OF_ONE;
    return this.#outside < OUTSIDE ? OUTSIDE_OF_ONE : 0;
  }

  async #run(letter: PostedLetter): Promise<void> {
    const leaves = isOutside(letter) ? 1 : 0;
    this.#outside += leaves;
    await this.#attempt(letter);
    this.#outside -= leaves;
  }

  async #attempt(posted: PostedLetter): Promise<void> {
    const { store, observer, clock } = this.#deps;
    try {
      const content = await store.content(posted.id);
      if (content === undefined) return this.#done(posted);
      const last = this.#failures.get(posted.id);
      const { verdict, failed } = await attemptLetter(posted, fromContent(content), { deps: this.#deps, last });
      if (verdict === undefined) return this.#done(posted);
      if (failed !== undefined) this.#failures.set(posted.id, failed);
      this.#journal.progress(verdict);
      this.#again({ ...posted, ...verdict });
    } catch (error) {
      observer.noticed('error', `A delivery failed here: ${(error as Error).message}`);
      this.#again({ ...posted, dueAt: clock() + TROUBLE_MS });
    }
  }

  #again(letter: PostedLetter): void {
    if (letter.inOrder) this.#lines.addFirst(letter);
    else this.#lines.add(letter, this.#deps.clock());
  }

  #done(letter: PostedLetter): void {
    const { id, size } = letter;
    this.#failures.delete(id);
    this.#journal.remove(id);
    this.#count(-1, -size);
    this.#wait(letter, -1);
  }

  /** True when too much waits already for someone who is to get one of them. */
  #isBehind(posted: readonly { readonly letter: Pick<PostedLetter, 'line'> }[]): boolean {
    const most = this.#deps.mostOfOne ?? Number.POSITIVE_INFINITY;
    return posted.some(({ letter }) => (this.#waiting.get(arnOf(letter)) ?? 0) >= most);
  }

  #wait(letter: PostedLetter, change: 1 | -1): void {
    const arn = arnOf(letter);
    const waiting = (this.#waiting.get(arn) ?? 0) + change;
    if (waiting > 0) this.#waiting.set(arn, waiting);
    else this.#waiting.delete(arn);
  }

  #count(letters: number, size: number): void {
    this.#letters += letters;
    this.#size += size;
  }
}

function arnOf({ line }: Pick<PostedLetter, 'line'>): string {
  return line.split(' ', 1)[0] ?? '';
}

/** Letters to the ARN of a subscription go to its endpoint. */
function isOutside({ line }: PostedLetter): boolean {
  return /^arn:[^:]*:sns:[^:]*:[^:]*:[^:]*:/.test(line);
}

function toPosted(
  { delivery, inOrder = false }: { readonly delivery: Letter['delivery']; readonly inOrder?: boolean },
  now: number,
): Omit<PostedLetter, 'id' | 'size'> {
  const { arn, groupId = '' } = delivery;
  return { line: inOrder ? `${arn} ${groupId}` : arn, inOrder, postedAt: now, attempts: 0, dueAt: now };
}
