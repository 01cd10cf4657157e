import { describe, expect, it } from 'vitest';
import { type BusEvent, Buses } from '../../runtime/buses/index.ts';
import { type Letter, OutboxFull } from '../../runtime/contract/letter.ts';
import { silentObserver } from '../../runtime/contract/observer.ts';
import { SqliteResourceStore } from '../../runtime/store/sqlite/sqlite-resource-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';

const BUS = { region: 'us-east-1', accountId: '000000000000', name: 'default' };
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:q';

/** Buses whose letters go nowhere; `posts` has what was posted at a time. */
async function open(full: () => boolean = () => false) {
  const posts: (readonly Letter[])[] = [];
  const noticed: string[] = [];
  const buses = new Buses({
    ...{ resources: new SqliteResourceStore(openStorage(':memory:')), marks: async () => new Map(), since: 0 },
    ...{ clock: () => 1_700_000_000_000, parsePolicy: () => ({ Statement: [] }) },
    observer: { ...silentObserver, noticed: (_, message) => void noticed.push(message) },
    async post(letters) {
      if (full()) throw new OutboxFull();
      if (letters.length > 0) posts.push(letters);
    },
  });
  await buses.open();
  const { name: bus, ...scope } = BUS;
  const aim = async (name: string, target: object = {}) => {
    const key = { ...scope, bus, name };
    await buses.rules.put(key, { pattern: '{"source":["s"]}', state: 'ENABLED' }, {});
    await buses.rules.putTargets(key, [{ Id: '1', Arn: QUEUE, ...target }]);
  };
  return { buses, posts, noticed, aim };
}

const event = (detail: BusEvent['detail'] = {}): BusEvent => ({
  ...{ version: '0', id: 'i', 'detail-type': 't', source: 's', account: BUS.accountId, region: BUS.region },
  ...{ time: '2026-01-01T00:00:00Z', resources: [], detail },
});

describe('an event on a bus', () => {
  it('is posted in one piece when it is small, and a few letters at a time when it is large', async () => {
    const { buses, posts, aim } = await open();
    for (let at = 0; at < 7; at++) await aim(`r${at}`);
    await buses.publish(BUS, event());
    expect(posts.map((letters) => letters.length)).toEqual([7]);
    await buses.publish(BUS, event({ text: 'x'.repeat(400_000) }));
    expect(posts.slice(1).map((letters) => letters.length)).toEqual([3, 3, 1]);
  });

  it('is kept once in a letter whose dead letter is the same', async () => {
    const { buses, posts, aim } = await open();
    const DeadLetterConfig = { Arn: QUEUE };
    await aim('a', { DeadLetterConfig });
    await aim('b', { DeadLetterConfig, Input: '1' });
    await buses.publish(BUS, event());
    const [[a, b] = []] = posts;
    expect([a?.deadLetter?.body, b?.deadLetter?.body]).toEqual([undefined, JSON.stringify(event())]);
  });

  it('that a template makes too much of, or no JSON for a function, is a dead letter, or nothing', async () => {
    const { buses, posts, noticed, aim } = await open();
    const many = { InputTemplate: `[${'<aws.events.event.json>,'.repeat(200)}1]` };
    await aim('large', { InputTransformer: many, DeadLetterConfig: { Arn: QUEUE } });
    const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    await aim('text', { Arn, InputTransformer: { InputTemplate: 'hello' } });
    await buses.publish(BUS, event({ text: 'x'.repeat(50_000) }));
    const [[dead, ...more] = []] = posts;
    expect([dead?.delivery.arn, more]).toEqual([QUEUE, []]);
    expect(dead?.delivery.attributes).toMatchObject({ ERROR_CODE: { StringValue: 'INVALID_JSON' } });
    expect(noticed).toEqual([
      expect.stringContaining('rule/large: it is longer than 1048576 characters.'),
      expect.stringContaining('rule/text: '),
    ]);
  });

  it('is refused by its entry when there is no room', async () => {
    const { buses, aim } = await open(() => true);
    await aim('r');
    expect(await buses.put({ bus: BUS, event: event(), traceId: undefined })).toMatchObject({
      ErrorCode: 'ThrottlingException',
    });
    expect(await buses.put({ bus: { ...BUS, name: 'none' }, event: event(), traceId: undefined })).toMatchObject({
      ErrorCode: 'ResourceNotFoundException',
    });
  });
});
