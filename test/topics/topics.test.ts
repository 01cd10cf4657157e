import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Letter } from '../../runtime/contract/letter.ts';
import { SqliteResourceStore } from '../../runtime/store/sqlite/sqlite-resource-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { type PostToEndpoint, Topics } from '../../runtime/topics/index.ts';
import { TEST_CIPHER } from '../support/cipher.ts';

const NEWS = { accountId: '000000000000', region: 'us-east-1', name: 'news' };
const NEWS_ARN = 'arn:aws:sns:us-east-1:000000000000:news';
const DAY_MS = 24 * 3_600_000;

let storage: ReturnType<typeof openStorage>;
let now: number;
let posted: Letter[];
beforeEach(() => {
  storage = openStorage(':memory:');
  now = 1_700_000_000_000;
  posted = [];
});
afterEach(() => storage.close());

async function open(postToEndpoint: PostToEndpoint = async () => ({ status: 200 })): Promise<Topics> {
  const topics = new Topics({
    resources: new SqliteResourceStore(storage),
    cipher: TEST_CIPHER,
    parsePolicy: (text) => JSON.parse(text),
    clock: () => now,
    post: async (letters) => void posted.push(...letters),
    postToEndpoint,
    explainUnreachable: () => undefined,
  });
  await topics.open();
  return topics;
}
const subscribe = (topics: Topics, endpoint: string, topic: typeof NEWS = NEWS) => {
  const protocol = endpoint.startsWith('arn') ? 'sqs' : 'http';
  return topics.subscribe(topic, { protocol, endpoint, attributes: {}, host: 'isola', principal: 'arn' });
};
const queue = (name: string | number): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

describe('subscriptions', () => {
  it('are gone with their topic, even when the process was killed while it was deleted', async () => {
    const topics = await open();
    await topics.table.create(NEWS, {}, []);
    await subscribe(topics, queue('q'));
    await topics.table.delete(NEWS);
    const again = await open();
    expect(again.subscriptions.list(NEWS)).toEqual([]);
    await again.table.create(NEWS, {}, []);
    expect(again.subscriptions.ofTopic(again.table.get(NEWS))).toEqual([]);
    expect(await new SqliteResourceStore(storage).list('topic-subscription')).toEqual([]);
  });

  it('wait two days for who is asked, and are asked for anew then', async () => {
    const topics = await open();
    await topics.table.create(NEWS, {}, []);
    const first = await subscribe(topics, 'http://a.example/');
    now += 2 * DAY_MS;
    expect(await subscribe(topics, 'http://a.example/')).toEqual(first);
    expect(posted).toHaveLength(2);
    now += 1;
    const caller = { isAuthenticated: false, keeps: false };
    await expect(topics.confirm(NEWS, first.token ?? '', caller)).rejects.toThrow('Invalid parameter: Token');
    const second = await subscribe(topics, 'http://a.example/');
    expect(second.id).not.toBe(first.id);
    await topics.confirm(NEWS, second.token ?? '', caller);
    now += 30 * DAY_MS;
    const [kept, ...others] = (await open()).subscriptions.list(NEWS);
    expect([kept?.id, kept?.isPending, others]).toEqual([second.id, undefined, []]);
  });

  it('are one when two ask at the same time', async () => {
    const topics = await open();
    await topics.table.create(NEWS, {}, []);
    const [first, second] = await Promise.all([subscribe(topics, queue('q')), subscribe(topics, queue('q'))]);
    expect(second).toEqual(first);
    expect(topics.subscriptions.list(NEWS)).toHaveLength(1);
  });

  it('are none when the topic is deleted at the same time', async () => {
    const topics = await open();
    await topics.table.create(NEWS, {}, []);
    const subscribing = Array.from({ length: 5 }, (_, at) => subscribe(topics, queue(at)));
    const [ends] = await Promise.all([Promise.allSettled(subscribing), topics.deleteTopic(NEWS)]);
    expect(ends.map(({ status }) => status)).toContain('rejected');
    expect(topics.subscriptions.list(NEWS)).toEqual([]);
  });

  it('are a hundred of a FIFO topic at the most', async () => {
    const topics = await open();
    const line = { ...NEWS, name: 'line.fifo' };
    await topics.table.create(line, { FifoTopic: 'true' }, []);
    await Promise.all(Array.from({ length: 100 }, (_, at) => subscribe(topics, queue(at), line)));
    await expect(subscribe(topics, queue('q'), line)).rejects.toMatchObject({ code: 'SubscriptionLimitExceeded' });
    expect(await subscribe(topics, queue(7), line)).toMatchObject({ endpoint: queue(7) });
  });
});

describe('a letter to an endpoint', () => {
  const bring = async (postToEndpoint: PostToEndpoint, after: (topics: Topics) => Promise<unknown> = async () => 0) => {
    const topics = await open(postToEndpoint);
    await topics.table.create(NEWS, {}, []);
    const { id } = await subscribe(topics, 'http://a.example/path');
    await after(topics);
    const attributes = { 'x-amz-sns-message-id': { DataType: 'String', StringValue: 'm' } };
    const sender = { kind: 'service', name: 'sns.amazonaws.com', sourceArn: NEWS_ARN } as const;
    return topics.bring({ arn: `${NEWS_ARN}:${id}`, sender, body: '{}', attributes });
  };

  it('is a request with the headers of SNS', async () => {
    const requests: unknown[] = [];
    await bring(async (endpoint, { headers, body }) => {
      requests.push([endpoint, Object.fromEntries(headers), body]);
      return { status: 204 };
    });
    const headers = {
      'x-amz-sns-message-id': 'm',
      'x-amz-sns-topic-arn': NEWS_ARN,
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
    };
    expect(requests).toEqual([['http://a.example/path', headers, '{}']]);
  });

  it.each([400, 403, 404, 410])('is given up when the answer is %d', async (status) => {
    expect(await bring(async () => ({ status }))).toBe(`http://a.example/path answered ${status}.`);
  });

  it.each([301, 429, 500, 503])('is tried again when the answer is %d', async (status) => {
    await expect(bring(async () => ({ status }))).rejects.toThrow(`http://a.example/path answered ${status}.`);
  });

  it('is given up when nobody may be asked there, and tried again when nobody answers', async () => {
    expect(await bring(async () => ({ refused: 'not there.' }))).toBe('not there.');
    await expect(bring(() => Promise.reject(new Error('ECONNREFUSED')))).rejects.toThrow('ECONNREFUSED');
  });

  it('comes to nobody who has unsubscribed, nor to a topic that is gone', async () => {
    const asked: PostToEndpoint = () => Promise.reject(new Error('nobody is to be asked'));
    expect(await bring(asked, (topics) => topics.deleteTopic(NEWS))).toBeUndefined();
  });
});
