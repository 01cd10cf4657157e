import type { Protocol } from './subscription-record.ts';
import { invalidParameter } from './topic-error.ts';
import { isFifo, type TopicKey } from './topic-record.ts';

const LONGEST = 2_048;
const UNSUPPORTED = ['application', 'email', 'email-json', 'firehose', 'sms'];

/** Reads who is to be subscribed. Throws an InvalidParameter for what cannot be, to this topic. */
export function parseEndpoint(
  topic: TopicKey,
  protocol: string,
  endpoint: string,
): { readonly protocol: Protocol; readonly endpoint: string } {
  switch (protocol) {
    case 'sqs':
      if (!/^arn:aws[a-z-]*:sqs:[a-z0-9-]{1,64}:\d{12}:[\w-]{1,80}(\.fifo)?$/.test(endpoint)) {
        throw invalidParameter('SQS endpoint ARN');
      }
      if (isFifo({ name: endpoint }) && !isFifo(topic)) {
        throw invalidParameter(
          'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
        );
      }
      return { protocol, endpoint };
    case 'lambda':
      if (!/^arn:aws[a-z-]*:lambda:[a-z0-9-]{1,64}:\d{12}:function:[\w-]{1,64}(:[\w$-]{1,128})?$/.test(endpoint)) {
        throw invalidParameter('Lambda endpoint ARN');
      }
      assertStandard(topic, protocol);
      return { protocol, endpoint };
    case 'http':
    case 'https':
      if (!isUrl(endpoint, protocol)) throw invalidParameter('Endpoint must match the specified protocol');
      assertStandard(topic, protocol);
      return { protocol, endpoint };
    default:
      throw invalidParameter(
        UNSUPPORTED.includes(protocol)
          ? `Protocol Reason: ${protocol} endpoints are not served here`
          : `Amazon SNS does not support this protocol string: ${protocol.slice(0, 64)}`,
      );
  }
}

function assertStandard(topic: TopicKey, protocol: string): void {
  if (!isFifo(topic)) return;
  throw invalidParameter(`Protocol Reason: ${protocol} endpoints can not be subscribed to FIFO topics`);
}

function isUrl(endpoint: string, protocol: string): boolean {
  if (endpoint.length > LONGEST || !URL.canParse(endpoint)) return false;
  const { protocol: scheme, username, password } = new URL(endpoint);
  return scheme === `${protocol}:` && username === '' && password === '';
}
