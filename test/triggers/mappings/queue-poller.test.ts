import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../../../runtime/contract/outcome.ts';
import type { SqsMessage } from '../../../runtime/events/sqs.ts';
import type { EventSourceSettings } from '../../../runtime/store/event-source-record.ts';
import { HeldBytes } from '../../../runtime/triggers/mappings/held-bytes.ts';
import { QueuePoller } from '../../../runtime/triggers/mappings/queue-poller.ts';
import type { QueueSource } from '../../../runtime/triggers/mappings/queue-source.ts';
import { answered, createTarget, FAILED, failing, REFUSED, settle } from './target.ts';

const HIDDEN_MS = 30_000;
const pollers: QueuePoller[] = [];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
});
afterEach(async () => {
  await Promise.all(pollers.splice(0).map((poller) => poller.stop()));
  vi.useRealTimers();
});

/** A queue in memory that says what was asked of it. */
class FakeQueue implements QueueSource {
  readonly ready: SqsMessage[] = [];
  readonly deleted: string[] = [];
  /** What was hidden, and until when. */
  readonly hidden: (readonly [id: string, milliseconds: number])[] = [];
  readonly asked: number[] = [];
  #arrived: () => void = () => undefined;

  add(...bodies: readonly string[]): void {
    for (const body of bodies) {
      const messageId = body.slice(0, 8);
      const rest = { md5OfBody: '', attributes: {}, messageAttributes: {} };
      this.ready.push({ messageId, receiptHandle: messageId, body, ...rest });
    }
    this.#arrived();
  }

  async receive({ most, waitMs, signal }: Parameters<QueueSource['receive']>[0]) {
    this.asked.push(most);
    if (this.ready.length === 0 && waitMs > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
        setTimeout(resolve, waitMs);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return { messages: this.ready.splice(0, most), hiddenMs: HIDDEN_MS };
  }

  async delete(messages: readonly SqsMessage[]): Promise<void> {
    this.deleted.push(...messages.map(({ messageId }) => messageId));
  }

  async hide(messages: readonly SqsMessage[], milliseconds: number): Promise<void> {
    this.hidden.push(...messages.map(({ messageId }) => [messageId, milliseconds] as const));
  }

  close(): void {}
}

function create(
  settings: EventSourceSettings,
  run: (bodies: readonly string[]) => Outcome | Promise<Outcome>,
  { reserved, isWanted = () => true }: { reserved?: () => number; isWanted?: (message: SqsMessage) => boolean } = {},
) {
  const queue = new FakeQueue();
  const batches: string[][] = [];
  const results: string[] = [];
  const target = createTarget(({ Records }) => {
    const bodies = Records.map(({ body }) => String(body));
    batches.push(bodies);
    return run(bodies);
  }, reserved);
  const poller = new QueuePoller({
    ...{ settings, source: queue, target, isWanted, held: new HeldBytes(), clock: Date.now },
    assertReadable: async () => undefined,
    report: (result) => void results.push(result),
    notice: (message) => void results.push(message),
  });
  pollers.push(poller);
  return { queue, batches, results, poller };
}

async function pass(milliseconds: number): Promise<void> {
  await settle();
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settle();
}

/** An outcome that comes when it is told to. */
function later(): { readonly outcome: Promise<Outcome>; readonly come: (outcome: Outcome) => void } {
  let come: (outcome: Outcome) => void = () => undefined;
  const outcome = new Promise<Outcome>((resolve) => {
    come = resolve;
  });
  return { outcome, come };
}

describe('a poller of a queue', () => {
  it('brings messages as they come, and deletes them', async () => {
    const { queue, batches, results } = create({ BatchSize: 10 }, () => answered(null));
    queue.add('a', 'b');
    await settle();
    queue.add('c');
    await settle();
    expect(batches).toEqual([['a', 'b'], ['c']]);
    expect(queue.deleted).toEqual(['a', 'b', 'c']);
    expect(results).toEqual(['OK', 'OK']);
  });

  it('gathers a batch for as long as its window, ten messages at a time', async () => {
    const { queue, batches } = create({ BatchSize: 25, MaximumBatchingWindowInSeconds: 5 }, () => answered(null));
    queue.add(...Array.from({ length: 12 }, (_, at) => String(at)));
    await pass(4_000);
    queue.add('last');
    await pass(500);
    expect(batches).toEqual([]);
    await pass(500);
    expect(batches.map((bodies) => bodies.length)).toEqual([13]);
    expect(Math.max(...queue.asked)).toBe(10);
    queue.add(...Array.from({ length: 30 }, (_, at) => String(at)));
    await settle();
    expect(batches.map((bodies) => bodies.length)).toEqual([13, 25]);
  });

  it('makes no event larger than a function takes', async () => {
    const { queue, batches } = create({ BatchSize: 10 }, () => answered(null));
    queue.add(...['1', '2', '3', '4', '5'].map((name) => name + 'x'.repeat(2_000_000)));
    await settle();
    expect(batches.map((bodies) => bodies.map((body) => body[0]).join(''))).toEqual(['123', '45']);
  });

  it('runs no more batches at a time than the mapping allows', async () => {
    const outcomes: ReturnType<typeof later>[] = [];
    const settings = { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } };
    const { queue, batches } = create(settings, () => {
      const next = later();
      outcomes.push(next);
      return next.outcome;
    });
    queue.add('1', '2', '3', '4', '5');
    await pass(2_000);
    expect(batches.length).toBe(2);
    outcomes[0]?.come(answered(null));
    await pass(2_000);
    expect(batches.length).toBe(3);
    for (let at = 0; at < 5; at++) {
      for (const each of outcomes) each.come(answered(null));
      await pass(2_000);
    }
    expect(queue.deleted.length).toBe(5);
  });

  it('leaves what the function failed, and what it reports, to the queue', async () => {
    const { queue, results } = create(
      { BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] },
      (bodies) => (bodies.includes('bad') ? FAILED : failing('b')),
    );
    queue.add('a', 'b', 'c');
    await settle();
    queue.add('bad', 'd');
    await settle();
    expect(queue.deleted).toEqual(['a', 'c']);
    expect(results).toEqual(['PROBLEM: Function call failed', 'PROBLEM: Function call failed']);
    expect(queue.hidden).toEqual([]);
  });

  it('hides messages again while their function runs, and no longer', async () => {
    const { outcome, come } = later();
    const { queue } = create({ BatchSize: 1 }, () => outcome);
    queue.add('slow');
    await pass(HIDDEN_MS * 2);
    expect(queue.hidden.length).toBeGreaterThanOrEqual(3);
    expect(new Set(queue.hidden.map(([, milliseconds]) => milliseconds))).toEqual(new Set([HIDDEN_MS]));
    come(answered(null));
    await settle();
    const { length } = queue.hidden;
    await pass(HIDDEN_MS * 3);
    expect(queue.hidden.length).toBe(length);
    expect(queue.deleted).toEqual(['slow']);
  });

  it('tries a batch again while the function is throttled, without receiving it anew', async () => {
    let throttles = 4;
    const { queue, batches } = create({ BatchSize: 10 }, () => (throttles-- > 0 ? REFUSED : answered(null)));
    queue.add('a', 'b');
    await pass(10_000);
    expect(batches).toEqual(Array.from({ length: 5 }, () => ['a', 'b']));
    expect(queue.deleted).toEqual(['a', 'b']);
  });

  it('lets go of a batch that was throttled for too long', async () => {
    const { queue, batches, results } = create({ BatchSize: 10 }, () => REFUSED);
    queue.add('a');
    await pass(HIDDEN_MS * 2);
    expect(results).toEqual(['PROBLEM: the function is throttled']);
    const tries = batches.length;
    expect(tries).toBeGreaterThan(5);
    await pass(HIDDEN_MS);
    expect(batches.length).toBe(tries);
    expect(queue.deleted).toEqual([]);
  });

  it('receives nothing for a function that may not run', async () => {
    let reserved = 0;
    const { queue, batches } = create({ BatchSize: 10 }, () => answered(null), { reserved: () => reserved });
    queue.add('a');
    await pass(5_000);
    expect([batches, queue.asked]).toEqual([[], []]);
    reserved = 1;
    await pass(1_000);
    expect(batches).toEqual([['a']]);
  });

  it('deletes what is not wanted, and brings the rest', async () => {
    const isWanted = ({ body }: SqsMessage) => body !== 'no';
    const { queue, batches } = create({ BatchSize: 10 }, () => answered(null), { isWanted });
    queue.add('no', 'yes', 'no');
    await settle();
    expect(batches).toEqual([['yes']]);
    expect(queue.deleted.sort()).toEqual(['no', 'no', 'yes']);
  });

  it('ends when what runs has ended, and shows what it holds at once', async () => {
    const { outcome, come } = later();
    const { queue, poller, batches } = create({ BatchSize: 10 }, () => outcome);
    queue.add('running');
    await settle();
    let isStopped = false;
    const stopped = poller.stop().then(() => {
      isStopped = true;
    });
    await settle();
    queue.add('after');
    await pass(1_000);
    expect([isStopped, batches]).toEqual([false, [['running']]]);
    come(REFUSED);
    await stopped;
    expect(queue.hidden).toEqual([['running', 0]]);
    expect(queue.ready.map(({ body }) => body)).toEqual(['after']);
  });

  it('says why nothing can be received, and tries again', async () => {
    const { queue, results, batches } = create({ BatchSize: 10 }, () => answered(null));
    await settle();
    const receive = vi.spyOn(queue, 'receive').mockRejectedValue(new Error('there is no such queue'));
    queue.add('a');
    await settle();
    expect(batches).toEqual([['a']]);
    await pass(100);
    expect(results).toContain('PROBLEM: there is no such queue');
    receive.mockRestore();
    queue.add('b');
    await pass(10_000);
    expect(batches).toEqual([['a'], ['b']]);
  });
});
