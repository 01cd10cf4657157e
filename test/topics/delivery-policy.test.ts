import { describe, expect, it } from 'vitest';
import { contentTypeOf, parseDeliveryPolicy, retryPolicyOf } from '../../runtime/topics/delivery-policy.ts';

const topic = (http: unknown) => ({ attributes: { DeliveryPolicy: JSON.stringify({ http }) } });
const own = (policy: unknown) => ({ DeliveryPolicy: JSON.stringify(policy) });
const STANDARD = { numRetries: 3, minDelayTarget: 20, maxDelayTarget: 20 };

describe('a delivery policy', () => {
  it("holds of a subscription where it is its own, else the topic's, else SNS's", () => {
    const ofTopic = topic({ defaultHealthyRetryPolicy: { numRetries: 7 } });
    const ofOwn = own({ healthyRetryPolicy: { numRetries: 5, minDelayTarget: 1 } });
    expect(retryPolicyOf({ attributes: {} }, {})).toEqual(STANDARD);
    expect(retryPolicyOf(ofTopic, {})).toEqual({ ...STANDARD, numRetries: 7 });
    expect(retryPolicyOf(ofTopic, ofOwn)).toEqual({ ...STANDARD, numRetries: 5, minDelayTarget: 1 });
    expect(retryPolicyOf(ofTopic, own({ requestPolicy: {} }))).toEqual({ ...STANDARD, numRetries: 7 });
    const overruling = topic({ defaultHealthyRetryPolicy: { numRetries: 7 }, disableSubscriptionOverrides: true });
    expect(retryPolicyOf(overruling, ofOwn)).toEqual({ ...STANDARD, numRetries: 7 });
  });

  it('says of what type messages are', () => {
    const ofTopic = topic({ defaultRequestPolicy: { headerContentType: 'application/json' } });
    expect(contentTypeOf({ attributes: {} }, {})).toBe('text/plain; charset=UTF-8');
    expect(contentTypeOf(ofTopic, {})).toBe('application/json');
    expect(contentTypeOf(ofTopic, own({ requestPolicy: { headerContentType: 'text/html' } }))).toBe('text/html');
  });

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['too many retries', '{"healthyRetryPolicy":{"numRetries":101}}'],
    ['part of a retry', '{"healthyRetryPolicy":{"numRetries":1.5}}'],
    ['delays the wrong way round', '{"healthyRetryPolicy":{"minDelayTarget":21}}'],
    ['more retries in phases than at all', '{"healthyRetryPolicy":{"numRetries":1,"numNoDelayRetries":2}}'],
    ['an unknown backoff', '{"healthyRetryPolicy":{"backoffFunction":"x"}}'],
    ['a type that is two headers', '{"requestPolicy":{"headerContentType":"text/plain\\r\\nx: y"}}'],
  ])('is none with %s', (_what, policy) => {
    expect(() => parseDeliveryPolicy(policy, 'subscription')).toThrow(/^Invalid parameter: DeliveryPolicy: /);
  });
});
