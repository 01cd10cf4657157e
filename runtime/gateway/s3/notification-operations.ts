import { randomUUID } from 'node:crypto';
import { invalidArgument, type Notifications, type NotificationTarget } from '../../buckets/index.ts';
import { Repeated, type XmlValue } from '../query/xml.ts';
import { childrenOf, malformed, readXml, textOf, type XmlElement } from './read-xml.ts';
import type { S3Operation } from './s3-operation.ts';
import { toDocument } from './to-document.ts';

/** Elements of the three kinds of targets, and those in them that hold the ARN. */
const KINDS = [
  { element: 'TopicConfiguration', arnElement: 'Topic', service: 'sns' },
  { element: 'QueueConfiguration', arnElement: 'Queue', service: 'sqs' },
  { element: 'CloudFunctionConfiguration', arnElement: 'CloudFunction', service: 'lambda' },
] as const;

export const getNotifications: S3Operation = async (request) => {
  await request.allow('GetBucketNotification');
  const { notifications } = request.buckets.table.get(request.bucket).settings;
  return { status: 200, xml: toDocument('NotificationConfiguration', toValue(notifications)) };
};

export const putNotifications: S3Operation = async (request) => {
  const { buckets, bucket } = request;
  await request.allow('PutBucketNotification');
  const root = readXml(await request.document());
  buckets.table.get(bucket);
  if (root.name !== 'NotificationConfiguration') throw malformed();
  const notifications = parse(root);
  const targets = request.header('x-amz-skip-destination-validation') === 'true' ? 'believed' : 'tried';
  await buckets.setNotifications(bucket, notifications, { targets });
  return { status: 200 };
};

function parse(root: XmlElement): Notifications {
  const targets = KINDS.flatMap(({ element, arnElement, service }) =>
    childrenOf(root, element).map((each): NotificationTarget => {
      const arn = textOf(each, arnElement) ?? '';
      if (arn.split(':')[2] !== service) throw invalidArgument('The ARN is not well formed');
      const events = childrenOf(each, 'Event').map(({ text }) => text.trim());
      return { id: textOf(each, 'Id') || randomUUID(), arn, events, ...parseFilter(each) };
    }),
  );
  const isOnBus = childrenOf(root, 'EventBridgeConfiguration').length > 0;
  return { targets, ...(isOnBus ? { eventBridge: true } : {}) };
}

function parseFilter(element: XmlElement): { readonly prefix?: string; readonly suffix?: string } {
  const rules = childrenOf(element, 'Filter')
    .flatMap((filter) => childrenOf(filter, 'S3Key'))
    .flatMap((key) => childrenOf(key, 'FilterRule'));
  const filter: { prefix?: string; suffix?: string } = {};
  for (const rule of rules) {
    const name = textOf(rule, 'Name')?.toLowerCase();
    if (name !== 'prefix' && name !== 'suffix')
      throw invalidArgument('filter rule name must be either prefix or suffix');
    if (filter[name] !== undefined) {
      throw invalidArgument(`Cannot specify more than one ${name} rule in a filter.`);
    }
    filter[name] = childrenOf(rule, 'Value')[0]?.text ?? '';
  }
  return filter;
}

function toValue({ targets, eventBridge }: Notifications): XmlValue {
  const lists = KINDS.map(({ element, arnElement, service }) => [
    element,
    new Repeated(
      targets
        .filter(({ arn }) => arn.split(':')[2] === service)
        .map(({ id, arn, events, prefix, suffix }) => ({
          ...{ Id: id, [arnElement]: arn, Event: new Repeated(events) },
          ...toFilter({ prefix, suffix }),
        })),
    ),
  ]);
  return { ...Object.fromEntries(lists), ...(eventBridge ? { EventBridgeConfiguration: '' } : {}) };
}

function toFilter(filter: Readonly<Record<'prefix' | 'suffix', string | undefined>>): { readonly Filter?: XmlValue } {
  const rules = Object.entries(filter).filter(([, value]) => value !== undefined);
  if (rules.length === 0) return {};
  const FilterRule = new Repeated(
    rules.map(([name, value]) => ({ Name: name === 'prefix' ? 'Prefix' : 'Suffix', Value: value })),
  );
  return { Filter: { S3Key: { FilterRule } } };
}
