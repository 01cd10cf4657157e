import { describe, expect, it } from 'vitest';
import { type Letter, OutboxFull } from '../../runtime/contract/letter.ts';
import { prepareMessage } from '../../runtime/topics/message.ts';
import { Publishing } from '../../runtime/topics/publishing.ts';
import type { SubscriptionRecord } from '../../runtime/topics/subscription-record.ts';
import type { Attributes, TopicRecord } from '../../runtime/topics/topic-record.ts';

const topicOf = (name: string, attributes: Attributes = {}): TopicRecord => ({
  ...{ accountId: '000000000000', region: 'us-east-1', name, id: `id of ${name}`, createdAt: 0 },
  ...{ attributes, tags: {}, deletedSubscriptions: 0 },
});
const subscribed = (topic: TopicRecord, count: number, more: Partial<SubscriptionRecord> = {}): SubscriptionRecord[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ topic, topicId: topic.id, id: `${at}`, protocol: 'sqs', endpoint: `arn:aws:sqs:us-east-1:000000000000:${at}` },
    ...{ host: 'isola:8420', principal: 'arn', createdAt: 0, attributes: {}, wasAuthenticated: true },
    ...more,
  }));
const message = (text: string, groupId?: string) =>
  prepareMessage({ message: text, groupId }, { isFifo: groupId !== undefined, deduplicatesByContent: true });

/** Publishes into `posted`, one list for each posting; `signed` has what was signed. */
function create(post: (letters: readonly Letter[]) => Promise<void> = async () => undefined) {
  const posted: (readonly Letter[])[] = [];
  const signed: string[] = [];
  let now = 1_700_000_000_000;
  const publishing = new Publishing({
    async post(letters) {
      await post(letters);
      posted.push(letters);
    },
    async sign(text, version) {
      signed.push(text);
      return { version, value: 'c2lnbmF0dXJl', certificate: 'certificate.pem' };
    },
    clock: () => now,
  });
  return { publishing, posted, signed, pass: (milliseconds: number) => (now += milliseconds) };
}

describe('publishing', () => {
  it('signs a message once, for all who get it in an envelope, and not at all for those who want it raw', async () => {
    const { publishing, posted, signed } = create();
    const topic = topicOf('news');
    const raw = subscribed(topic, 3, { attributes: { RawMessageDelivery: 'true' } });
    await publishing.publish(topic, raw, message('hello'));
    expect([posted.flat().map(({ delivery }) => delivery.body), signed]).toEqual([['hello', 'hello', 'hello'], []]);
    await publishing.publish(topic, [...raw, ...subscribed(topic, 5)], message('hello'));
    expect(signed).toHaveLength(1);
    const bodies = posted
      .flat()
      .slice(6)
      .map(({ delivery }) => JSON.parse(delivery.body));
    expect(new Set(bodies.map(({ UnsubscribeURL }) => UnsubscribeURL)).size).toBe(5);
    expect(bodies[0]).toMatchObject({
      ...{ Signature: 'c2lnbmF0dXJl', SigningCertURL: 'http://isola:8420/certificate.pem' },
      UnsubscribeURL: 'http://isola:8420/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-east-1:000000000000:news:0',
    });
  });

  it('posts a long message to many in parts, and a short one in one piece', async () => {
    const { publishing, posted } = create();
    const topic = topicOf('news');
    await publishing.publish(topic, subscribed(topic, 1_000), message('short'));
    expect(posted.map(({ length }) => length)).toEqual([1_000]);
    await publishing.publish(topic, subscribed(topic, 50), message('x'.repeat(262_144)));
    const parts = posted.slice(1);
    expect(parts.map(({ length }) => length).reduce((sum, length) => sum + length)).toBe(50);
    for (const letters of parts) {
      expect(letters.reduce((sum, { delivery }) => sum + delivery.body.length, 0)).toBeLessThan(1.5 * 1_048_576);
    }
  });

  it('posts nothing for nobody, nor for those who are still asked', async () => {
    const { publishing, posted } = create();
    const topic = topicOf('news');
    await publishing.publish(topic, subscribed(topic, 3, { isPending: true }), message('x'));
    expect(posted).toEqual([]);
  });

  it('refuses what there is no room for', async () => {
    const { publishing } = create(() => Promise.reject(new OutboxFull()));
    const topic = topicOf('news');
    await expect(publishing.publish(topic, subscribed(topic, 1), message('x'))).rejects.toMatchObject({
      ...{ name: 'TopicError', code: 'Throttled' },
    });
  });
});

describe('publishing to a FIFO topic', () => {
  const topic = topicOf('line.fifo');

  it('posts what is published at the same time in order, once, and unsigned', async () => {
    const { publishing, posted, signed } = create();
    const texts = ['a', 'b', 'a', 'c', 'b'];
    const answers = await Promise.all(
      texts.map((text) => publishing.publish(topic, subscribed(topic, 2), message(text, 'g'))),
    );
    const letters = posted.flat();
    expect(letters.map(({ delivery }) => JSON.parse(delivery.body).Message)).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
    expect(letters.every(({ inOrder }) => inOrder)).toBe(true);
    expect(signed).toEqual([]);
    expect([answers[2], answers[4]]).toEqual([answers[0], answers[1]]);
    const numbers = [answers[0], answers[1], answers[3]].map((answer) => answer?.sequenceNumber);
    expect(numbers).toEqual([...new Set(numbers)].sort());
  });

  it('forgets what it has published after five minutes, and at once what it has not', async () => {
    let isFull = true;
    const { publishing, posted, pass } = create(() => (isFull ? Promise.reject(new OutboxFull()) : Promise.resolve()));
    const publish = () => publishing.publish(topic, subscribed(topic, 1), message('a', 'g'));
    await expect(publish()).rejects.toMatchObject({ code: 'Throttled' });
    isFull = false;
    await publish();
    pass(299_999);
    await publish();
    expect(posted).toHaveLength(1);
    pass(1);
    await publish();
    expect(posted).toHaveLength(2);
  });

  it('takes the same in another group for another, where the topic says so', async () => {
    const { publishing, posted } = create();
    const scoped = topicOf('line.fifo', { FifoThroughputScope: 'MessageGroup' });
    for (const each of [topic, scoped]) {
      for (const group of ['g', 'h']) {
        await publishing.publish(each, subscribed(each, 1), message(each === topic ? 'a' : 'b', group));
      }
    }
    expect(posted).toHaveLength(3);
  });

  it('tells queues its group, and what makes it the same', async () => {
    const { publishing, posted } = create();
    const fifo = subscribed(topic, 1, { endpoint: 'arn:aws:sqs:us-east-1:000000000000:q.fifo' });
    await publishing.publish(topic, [...fifo, ...subscribed(topic, 1)], message('a', 'g'));
    const [first, second] = posted.flat().map(({ delivery }) => delivery);
    expect([first?.groupId, second?.groupId]).toEqual(['g', 'g']);
    expect([first?.deduplicationId?.length, second?.deduplicationId?.length]).toEqual([64, 64]);
  });
});
