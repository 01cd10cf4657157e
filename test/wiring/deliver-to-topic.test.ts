import { describe, expect, it } from 'vitest';
import type { Delivery, Sender } from '../../runtime/contract/delivery.ts';
import { deliverToTopic, type TopicWayDeps } from '../../runtime/wiring/deliver-to-topic.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:news';
const SUBSCRIPTION = `${TOPIC}:11111111-2222-3333-4444-555555555555`;

describe('what is addressed to a subscription', () => {
  const brought: Delivery[] = [];
  const topics = { bring: async (delivery: Delivery) => void brought.push(delivery) };
  const deps = { topics: async () => topics, authorizer: {} } as unknown as TopicWayDeps;
  const from = async (sender: Sender): Promise<string | undefined> =>
    (await deliverToTopic(deps, { arn: SUBSCRIPTION, sender, body: 'news' }))?.refused;

  it('comes from its topic', async () => {
    expect(await from({ kind: 'service', name: 'sns.amazonaws.com', sourceArn: TOPIC })).toBeUndefined();
    expect(brought).toHaveLength(1);
  });

  it.each<Sender>([
    { kind: 'role', arn: 'arn:aws:iam::000000000000:role/any' },
    { kind: 'service', name: 'events.amazonaws.com', sourceArn: TOPIC },
    { kind: 'service', name: 'sns.amazonaws.com', sourceArn: 'arn:aws:sns:us-east-1:000000000000:new' },
  ])('does not come from anyone else: %o', async (sender) => {
    brought.length = 0;
    expect(await from(sender)).toContain('no ARN of a topic');
    expect(brought).toHaveLength(0);
  });
});
