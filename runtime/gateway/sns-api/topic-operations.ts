import { invalidParameter, missingParameter, toTopicArn } from '../../topics/index.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { framedListOf, framedMapOf, structure, TEXT } from '../service/shape.ts';
import { toPage } from './page.ts';
import { TAGS, toTags } from './tags.ts';
import { showTopic } from './topic-attributes.ts';
import { type OpenTopics, parseOwnTopic, topicWish } from './topic-wish.ts';

const TOPIC = structure({ TopicArn: TEXT });

/** What topics there are, and what is set of them. */
export function createTopicOperations(topics: OpenTopics): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'CreateTopic',
      input: structure({ Name: TEXT, Attributes: framedMapOf(TEXT), Tags: TAGS, DataProtectionPolicy: TEXT }),
      output: TOPIC,
      wish: async ({ caller }, { Name: name = '' }) => ({
        action: 'sns:CreateTopic',
        resource: toTopicArn({ ...caller.scope, name }),
      }),
      async handle({ caller }, { Name: name, Attributes = {}, Tags = [], DataProtectionPolicy: protection }) {
        if (name === undefined) throw missingParameter('Name');
        if (protection) throw invalidParameter('DataProtectionPolicy Reason: messages are not looked through here');
        const key = { ...caller.scope, name };
        return { TopicArn: toTopicArn(await (await topics()).table.create(key, Attributes, toTags(Tags))) };
      },
    }),
    createOperation({
      name: 'DeleteTopic',
      input: TOPIC,
      wish: topicWish(topics, 'DeleteTopic'),
      async handle({ caller }, { TopicArn }) {
        await (await topics()).deleteTopic(parseOwnTopic(caller, TopicArn));
        return undefined;
      },
    }),
    createOperation({
      name: 'ListTopics',
      input: structure({ NextToken: TEXT }),
      output: structure({ Topics: framedListOf(TOPIC), NextToken: TEXT }),
      wish: async () => ({ action: 'sns:ListTopics', resource: '*' }),
      async handle({ caller }, { NextToken }) {
        const all = (await topics()).table.list(caller.scope);
        const { page, token } = toPage(all, ({ name }) => name, NextToken);
        return { Topics: page.map((topic) => ({ TopicArn: toTopicArn(topic) })), NextToken: token };
      },
    }),
    createOperation({
      name: 'GetTopicAttributes',
      input: TOPIC,
      output: structure({ Attributes: framedMapOf(TEXT) }),
      wish: topicWish(topics, 'GetTopicAttributes'),
      async handle({ caller }, { TopicArn }) {
        const opened = await topics();
        const topic = opened.table.get(parseOwnTopic(caller, TopicArn));
        return { Attributes: showTopic(topic, opened.subscriptions.ofTopic(topic)) };
      },
    }),
    createOperation({
      name: 'SetTopicAttributes',
      input: structure({ TopicArn: TEXT, AttributeName: TEXT, AttributeValue: TEXT }),
      wish: topicWish(topics, 'SetTopicAttributes'),
      async handle({ caller }, { TopicArn, AttributeName: name, AttributeValue: value = '' }) {
        const key = parseOwnTopic(caller, TopicArn);
        if (name === undefined) throw missingParameter('AttributeName');
        await (await topics()).table.setAttribute(key, name, value);
        return undefined;
      },
    }),
    createOperation({
      name: 'AddPermission',
      input: structure({
        ...{ TopicArn: TEXT, Label: TEXT },
        ...{ AWSAccountId: framedListOf(TEXT), ActionName: framedListOf(TEXT) },
      }),
      wish: topicWish(topics, 'AddPermission'),
      async handle({ caller }, { TopicArn, Label: label, AWSAccountId: accountIds = [], ActionName: actions = [] }) {
        const key = parseOwnTopic(caller, TopicArn);
        if (label === undefined) throw missingParameter('Label');
        await (await topics()).table.grant(key, { label, accountIds, actions });
        return undefined;
      },
    }),
    createOperation({
      name: 'RemovePermission',
      input: structure({ TopicArn: TEXT, Label: TEXT }),
      wish: topicWish(topics, 'RemovePermission'),
      async handle({ caller }, { TopicArn, Label: label }) {
        const key = parseOwnTopic(caller, TopicArn);
        if (label === undefined) throw missingParameter('Label');
        await (await topics()).table.revoke(key, label);
        return undefined;
      },
    }),
  ];
}
