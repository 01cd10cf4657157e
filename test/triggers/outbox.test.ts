import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Deliver, Delivery } from '../../runtime/contract/delivery.ts';
import { type Letter, OutboxFull } from '../../runtime/contract/letter.ts';
import { silentObserver } from '../../runtime/contract/observer.ts';
import type { OutboxStore } from '../../runtime/store/outbox-store.ts';
import { SqliteOutboxStore } from '../../runtime/store/sqlite/sqlite-outbox-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { Outbox, type OutboxDeps } from '../../runtime/triggers/outbox.ts';

const SENDER = { kind: 'service', name: 'events.amazonaws.com', sourceArn: 'arn:rule' } as const;
const RETRY = { attempts: 2, ageMs: 3_600_000, firstDelayMs: 1_000, lastDelayMs: 60_000 };

let storage: ReturnType<typeof openStorage>;
let store: OutboxStore;
const opened: Outbox[] = [];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_700_000_000_000 });
  storage = openStorage(':memory:');
  store = new SqliteOutboxStore(storage);
});
afterEach(async () => {
  for (const outbox of opened.splice(0)) await outbox.close();
  void storage.close();
  vi.useRealTimers();
});

/** An outbox whose deliveries end as `end` says; `sent` has the bodies in the order of their attempts. */
function create(end: (delivery: Delivery) => ReturnType<Deliver> = async () => ({}), more: Partial<OutboxDeps> = {}) {
  const sent: string[] = [];
  const noticed: string[] = [];
  const outbox = new Outbox({
    ...{ store, clock: Date.now, most: { letters: 100, size: 100_000 } },
    observer: { ...silentObserver, noticed: (_, message) => void noticed.push(message) },
    deliver: async (delivery) => {
      sent.push(delivery.body);
      return end(delivery);
    },
    ...more,
  });
  opened.push(outbox);
  return { outbox, sent, noticed };
}

const letter = (body: string, more: Partial<Letter> = {}, arn = 'arn:a'): Letter => ({
  ...{ delivery: { arn, sender: SENDER, body }, retry: RETRY },
  ...more,
});
const fail = async (): ReturnType<Deliver> => {
  throw new Error('no room');
};

/** Lets everything happen that waits for no timer. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function pass(milliseconds: number): Promise<void> {
  await settle();
  await vi.advanceTimersByTimeAsync(milliseconds);
  await settle();
}

describe('the outbox', () => {
  it('accepts letters when they are stored, and delivers each once, as it came', async () => {
    const seen: Delivery[] = [];
    const { outbox } = create(async (delivery) => {
      seen.push(delivery);
      return {};
    });
    const attributes = { b: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255) } };
    const delivery = { arn: 'arn:a', sender: SENDER, body: 'é', attributes, groupId: 'g' };
    await outbox.post([{ delivery, retry: RETRY }]);
    expect(await store.summary()).toMatchObject({ letters: 1 });
    await pass(60_000);
    expect(seen).toEqual([delivery]);
    expect([await store.summary(), outbox.size]).toEqual([{ letters: 0, size: 0, lastId: 0 }, 0]);
  });

  it('accepts nothing from a store that cannot be read, says so, and asks again for the next', async () => {
    vi.spyOn(store, 'summary').mockRejectedValueOnce(new Error('disk gone'));
    const { outbox, sent, noticed } = create(async () => ({}));
    await expect(outbox.post([letter('1')])).rejects.toThrow('disk gone');
    await settle();
    expect([sent.length, noticed]).toEqual([0, ['Deliveries cannot be read: disk gone']]);
    await outbox.post([letter('2')]);
    await pass(60_000);
    expect(sent.length).toBe(1);
  });

  it('tries again at growing intervals, and gives up after its attempts: the operator is told', async () => {
    const { outbox, sent, noticed } = create(fail);
    await outbox.post([letter('1')]);
    await settle();
    expect(sent.length).toBe(1);
    await pass(999);
    expect(sent.length).toBe(1);
    await pass(1);
    expect(sent.length).toBe(2);
    await pass(1_999);
    expect([sent.length, noticed]).toEqual([2, []]);
    await pass(1);
    await pass(3_600_000);
    expect([sent.length, noticed]).toEqual([3, ['arn:a gets no delivery of arn:rule: no room']]);
    expect(await store.summary()).toMatchObject({ letters: 0 });
  });

  it('gives up what is too old, however many attempts are left', async () => {
    const { outbox, sent } = create(fail);
    await outbox.post([letter('1', { retry: { ...RETRY, attempts: 185, ageMs: 5_000 } })]);
    for (let second = 0; second < 10; second++) await pass(1_000);
    // At 0, 1, 3 seconds; the next would be at 7.
    expect(sent.length).toBe(3);
    expect(outbox.size).toBe(0);
  });

  it('keeps what is given up where it has a place for dead letters, with the reason', async () => {
    const dead: Delivery[] = [];
    const { outbox } = create(async (delivery) => {
      if (delivery.arn === 'arn:a') return fail();
      if (delivery.arn === 'arn:b') return { refused: 'not allowed.' };
      dead.push(delivery);
      return {};
    });
    const deadLetter = {
      ...{
        arn: 'arn:dead',
        sender: SENDER,
        body: 'whole',
        attributes: { R: { DataType: 'String', StringValue: 'r' } },
      },
      reasons: { code: 'C', message: 'M', condition: 'X', attempts: 'N' },
    };
    await outbox.post([letter('1', { deadLetter }), letter('2', { deadLetter }, 'arn:b')]);
    await pass(60_000);
    const said = (texts: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(texts).map(([name, text]) => [name, { DataType: 'String', StringValue: text }]),
      );
    expect(dead).toEqual([
      {
        ...{ arn: 'arn:dead', sender: SENDER, body: 'whole' },
        attributes: said({ R: 'r', C: 'SDK_CLIENT_ERROR', M: 'not allowed.', N: '0' }),
      },
      {
        ...{ arn: 'arn:dead', sender: SENDER, body: 'whole' },
        attributes: said({ R: 'r', C: 'ERROR_FROM_TARGET', M: 'no room', X: 'MaximumRetryAttempts', N: '3' }),
      },
    ]);
    expect(outbox.size).toBe(0);
  });

  it('keeps a dead letter until its place takes it', async () => {
    let isThere = false;
    const dead: string[] = [];
    const { outbox } = create(async ({ arn, body }) => {
      if (arn === 'arn:a' || !isThere) return fail();
      dead.push(body);
      return {};
    });
    const deadLetter = { arn: 'arn:dead', sender: SENDER, reasons: {} };
    await outbox.post([letter('1', { deadLetter })]);
    await pass(600_000);
    expect([outbox.size, dead]).toEqual([1, []]);
    isThere = true;
    await pass(60_000);
    expect([outbox.size, dead]).toEqual([0, ['1']]);
  });

  it('delivers in order what must stay in order: nothing overtakes a letter that failed', async () => {
    let failures = 2;
    const { outbox, sent } = create(async ({ body }) => (body === '1' && failures-- > 0 ? fail() : {}));
    const inOrder = { inOrder: true } as const;
    await outbox.post([letter('1', inOrder), letter('2', inOrder), letter('3')]);
    await outbox.post([letter('4', inOrder)]);
    await pass(10_000);
    await pass(10_000);
    expect(sent).toEqual(['1', '3', '1', '1', '2', '4']);
  });

  it('does not let one ARN that hangs hold up another', async () => {
    const { outbox, sent } = create(({ arn }) =>
      arn === 'arn:a' ? new Promise(() => undefined) : Promise.resolve({}),
    );
    await outbox.post(Array.from({ length: 50 }, (_, at) => letter(`${at}`)));
    await outbox.post([letter('other', {}, 'arn:b')]);
    await settle();
    expect(sent.length).toBe(17);
    expect(sent).toContain('other');
    opened.pop();
  });

  it('refuses what there is no room for, and takes none of it', async () => {
    const { outbox } = create(() => new Promise(() => undefined), { most: { letters: 2, size: 100_000 } });
    await outbox.post([letter('1')]);
    await expect(outbox.post([letter('2'), letter('3')], { key: 'k', at: 1 })).rejects.toThrow(OutboxFull);
    expect([outbox.size, await outbox.marks()]).toEqual([1, new Map()]);
    await outbox.post([letter('2')]);
    opened.pop();
  });

  it('remembers a mark together with letters, and forgets it', async () => {
    const { outbox } = create();
    await outbox.post([letter('1')], { key: 'k', at: 7 });
    expect(await outbox.marks()).toEqual(new Map([['k', 7]]));
    await outbox.post([], { key: 'k', at: undefined });
    expect(await outbox.marks()).toEqual(new Map());
  });

  it('takes up what an earlier one has left, and what it knew of it', async () => {
    const first = create(fail);
    await first.outbox.post([letter('1'), letter('2')]);
    await pass(500);
    await first.outbox.close();
    const { outbox, sent } = create();
    await outbox.open();
    await settle();
    expect([sent, outbox.size]).toEqual([[], 2]);
    await pass(500);
    expect([sent, outbox.size]).toEqual([['1', '2'], 0]);
  });

  it('holds nobody up for endpoints that are slow: half of what it does leaves the house', async () => {
    const ends: (() => void)[] = [];
    const { outbox, sent } = create(
      ({ arn }) => (arn === 'arn:a' ? Promise.resolve({}) : new Promise((resolve) => ends.push(() => resolve({})))),
      { most: { letters: 200, size: 100_000 } },
    );
    const endpoints = Array.from({ length: 10 }, (_, at) => `arn:aws:sns:us-east-1:000000000000:topic:${at}`);
    await outbox.post(endpoints.flatMap((arn) => Array.from({ length: 8 }, () => letter('slow', {}, arn))));
    await outbox.post([letter('quick')]);
    await settle();
    expect(sent.filter((body) => body === 'slow')).toHaveLength(32);
    expect(sent).toContain('quick');
    while (ends.length > 0) {
      for (const end of ends.splice(0)) end();
      await settle();
    }
    expect(sent.filter((body) => body === 'slow')).toHaveLength(80);
  });

  it('refuses more for those who are too far behind, and nobody else', async () => {
    const never: Deliver = () => new Promise(() => undefined);
    const first = create(never, { mostOfOne: 2 });
    await first.outbox.post([letter('1'), letter('2')]);
    await expect(first.outbox.post([letter('3'), letter('4', {}, 'arn:b')])).rejects.toThrow(OutboxFull);
    await first.outbox.post([letter('4', { inOrder: true }, 'arn:b')]);
    opened.pop();
    let takeAll: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => (takeAll = resolve));
    const { outbox } = create(() => taken.then(() => ({})), { mostOfOne: 2 });
    await outbox.open();
    await expect(outbox.post([letter('3')])).rejects.toThrow(OutboxFull);
    takeAll();
    await settle();
    await outbox.post([letter('3')]);
  });
});
