/** The services that are asked by signed requests, as their protocols go. */
export type ServiceName = 'sqs' | 'sns' | 'logs' | 'events' | 'scheduler' | 'apigateway' | 'iam' | 'sts';

/** A request that its service does: what is malformed is made of it. */
export interface ServiceRequest {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Members without which it is refused. */
  readonly required: readonly string[];
  /** Members that name something: no text is one unless it is. */
  readonly names: readonly string[];
}

const ACCOUNT = '000000000000';
const at = (service: string, name: string): string => `arn:aws:${service}:us-east-1:${ACCOUNT}:${name}`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/kept`;
const POLICY = `arn:aws:iam::${ACCOUNT}:policy/kept`;
const QueueUrl = `http://localhost/${ACCOUNT}/kept`;
const TopicArn = at('sns', 'kept');
const GroupArn = at('scheduler', 'schedule-group/kept');
const GROUP = at('logs', 'log-group:kept');
const RULE = at('events', 'rule/kept');
const FUNCTION = at('lambda', 'function:echo');
const ATTRIBUTES = { a: { DataType: 'String', StringValue: 'x' }, n: { DataType: 'Number', StringValue: '7' } };
const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
});
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] },
    },
  ],
});

/** Reads the names that a request is refused without: `*` marks those that name nothing, `?` those that may be absent. */
const of =
  (service: ServiceName) =>
  (operation: string, marks: string, input: Readonly<Record<string, unknown>>): ServiceRequest => {
    const members = marks.split(' ').filter((mark) => mark !== '');
    return {
      ...{ service, operation, input },
      required: members.filter((mark) => !mark.startsWith('?')).map((mark) => mark.replace('*', '')),
      names: members.filter((mark) => !mark.startsWith('*')).map((mark) => mark.replace('?', '')),
    };
  };

const sqs = of('sqs');
const sns = of('sns');
const logs = of('logs');
const events = of('events');
const iam = of('iam');
const scheduler = of('scheduler');

/** What makes what the others are about, in order: each can be done once. */
export const MAKING: readonly ServiceRequest[] = [
  iam('CreateRole', 'RoleName *AssumeRolePolicyDocument', { RoleName: 'kept', AssumeRolePolicyDocument: TRUST }),
  sqs('CreateQueue', 'QueueName', { QueueName: 'kept', Attributes: { VisibilityTimeout: '30' }, tags: { a: 'b' } }),
  sns('CreateTopic', 'Name', { Name: 'kept', Tags: [{ Key: 'a', Value: 'b' }] }),
  logs('CreateLogGroup', 'logGroupName', { logGroupName: 'kept', tags: { a: 'b' } }),
  logs('CreateLogStream', 'logGroupName logStreamName', { logGroupName: 'kept', logStreamName: 'kept' }),
  events('CreateEventBus', 'Name', { Name: 'kept', Tags: [{ Key: 'a', Value: 'b' }] }),
  events('PutRule', 'Name', { Name: 'kept', EventPattern: '{"source":["kept"]}', State: 'ENABLED' }),
  scheduler('CreateScheduleGroup', 'Name', { Name: 'kept' }),
  scheduler('CreateSchedule', 'Name *ScheduleExpression *Target *FlexibleTimeWindow', {
    ...{ Name: 'kept', ScheduleExpression: 'rate(1 day)', FlexibleTimeWindow: { Mode: 'OFF' } },
    Target: { Arn: at('sqs', 'kept'), RoleArn: ROLE, Input: '{}', RetryPolicy: { MaximumRetryAttempts: 1 } },
  }),
  iam('CreateUser', 'UserName', { UserName: 'kept', Tags: [{ Key: 'a', Value: 'b' }] }),
  iam('CreatePolicy', 'PolicyName *PolicyDocument', { PolicyName: 'kept', PolicyDocument: DOCUMENT }),
];

/** Each can be done when those have been, and again. */
const DOING: readonly ServiceRequest[] = [
  sqs('GetQueueUrl', 'QueueName', { QueueName: 'kept' }),
  sqs('ListQueues', '', { QueueNamePrefix: 'k', MaxResults: 5 }),
  sqs('GetQueueAttributes', 'QueueUrl', { QueueUrl, AttributeNames: ['Policy'] }),
  sqs('SetQueueAttributes', 'QueueUrl *Attributes', { QueueUrl, Attributes: { DelaySeconds: '0' } }),
  sqs('ListQueueTags', 'QueueUrl', { QueueUrl }),
  sqs('TagQueue', 'QueueUrl *Tags', { QueueUrl, Tags: { a: 'b' } }),
  sqs('UntagQueue', 'QueueUrl *TagKeys', { QueueUrl, TagKeys: ['z'] }),
  sqs('SendMessage', 'QueueUrl *MessageBody', { QueueUrl, MessageBody: 'x', MessageAttributes: ATTRIBUTES }),
  sqs('SendMessageBatch', 'QueueUrl *Entries', {
    QueueUrl,
    Entries: [{ Id: 'a', MessageBody: 'x', MessageAttributes: ATTRIBUTES }],
  }),
  sqs('ReceiveMessage', 'QueueUrl', { QueueUrl, MaxNumberOfMessages: 1, VisibilityTimeout: 0 }),
  sqs('ListMessageMoveTasks', 'SourceArn', { SourceArn: at('sqs', 'kept'), MaxResults: 1 }),
  sqs('PurgeQueue', 'QueueUrl', { QueueUrl }),
  sns('ListTopics', '', {}),
  sns('GetTopicAttributes', 'TopicArn', { TopicArn }),
  sns('SetTopicAttributes', 'TopicArn AttributeName', {
    ...{ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'x' },
  }),
  sns('TagResource', 'ResourceArn *Tags', { ResourceArn: TopicArn, Tags: [{ Key: 'a', Value: 'b' }] }),
  sns('UntagResource', 'ResourceArn *TagKeys', { ResourceArn: TopicArn, TagKeys: ['z'] }),
  sns('ListTagsForResource', 'ResourceArn', { ResourceArn: TopicArn }),
  sns('Subscribe', 'TopicArn Protocol', {
    ...{ TopicArn, Protocol: 'sqs', Endpoint: at('sqs', 'kept'), ReturnSubscriptionArn: true },
    Attributes: { FilterPolicy: '{"a":["never"]}' },
  }),
  sns('ListSubscriptionsByTopic', 'TopicArn', { TopicArn }),
  sns('Publish', 'TopicArn *Message', { TopicArn, Message: 'x', Subject: 's', MessageAttributes: ATTRIBUTES }),
  sns('PublishBatch', 'TopicArn *PublishBatchRequestEntries', {
    ...{ TopicArn, PublishBatchRequestEntries: [{ Id: 'a', Message: 'x', MessageAttributes: ATTRIBUTES }] },
  }),
  logs('DescribeLogGroups', '', { logGroupNamePrefix: 'k', limit: 5 }),
  logs('PutRetentionPolicy', 'logGroupName *retentionInDays', { logGroupName: 'kept', retentionInDays: 7 }),
  logs('TagResource', 'resourceArn *tags', { resourceArn: GROUP, tags: { a: 'b' } }),
  logs('UntagResource', 'resourceArn *tagKeys', { resourceArn: GROUP, tagKeys: ['z'] }),
  logs('ListTagsForResource', 'resourceArn', { resourceArn: GROUP }),
  logs('DescribeLogStreams', 'logGroupName', { logGroupName: 'kept', orderBy: 'LogStreamName', descending: true }),
  logs('PutLogEvents', 'logGroupName logStreamName *logEvents', {
    ...{ logGroupName: 'kept', logStreamName: 'kept', logEvents: [{ timestamp: Date.now(), message: 'x' }] },
  }),
  logs('GetLogEvents', 'logGroupName logStreamName', { logGroupName: 'kept', logStreamName: 'kept', limit: 3 }),
  logs('FilterLogEvents', 'logGroupName', { logGroupName: 'kept', filterPattern: '{ $.a = 1 }', endTime: 1 }),
  logs('DescribeSubscriptionFilters', 'logGroupName', { logGroupName: 'kept' }),
  events('DescribeRule', 'Name', { Name: 'kept' }),
  events('ListRules', '', { NamePrefix: 'k', Limit: 5 }),
  events('DisableRule', 'Name', { Name: 'kept', EventBusName: 'default' }),
  events('EnableRule', 'Name', { Name: 'kept' }),
  events('PutTargets', 'Rule *Targets', {
    Rule: 'kept',
    Targets: [
      {
        ...{ Id: '1', Arn: at('sqs', 'kept'), RetryPolicy: { MaximumRetryAttempts: 1 } },
        InputTransformer: { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '{"a":<a>}' },
      },
    ],
  }),
  events('ListTargetsByRule', 'Rule', { Rule: 'kept', Limit: 3 }),
  events('ListRuleNamesByTarget', '*TargetArn', { TargetArn: at('sqs', 'kept') }),
  events('DescribeEventBus', '?Name', { Name: 'kept' }),
  events('ListEventBuses', '', { NamePrefix: 'k' }),
  events('PutPermission', '?EventBusName', {
    ...{ EventBusName: 'kept', Action: 'events:PutEvents', Principal: '111111111111', StatementId: 'a' },
  }),
  events('TagResource', 'ResourceARN *Tags', { ResourceARN: RULE, Tags: [{ Key: 'a', Value: 'b' }] }),
  events('UntagResource', 'ResourceARN *TagKeys', { ResourceARN: RULE, TagKeys: ['z'] }),
  events('ListTagsForResource', 'ResourceARN', { ResourceARN: RULE }),
  events('PutEvents', '*Entries', {
    Entries: [{ Source: 's', DetailType: 't', Detail: '{"a":1}', Resources: ['r'], Time: 1_700_000_000 }],
  }),
  events('TestEventPattern', '*EventPattern *Event', {
    EventPattern: '{"source":[{"prefix":"a"}]}',
    Event:
      '{"id":"1","source":"a","account":"1","time":"2026-01-01T00:00:00Z","region":"r","resources":[],"detail-type":"t","detail":{}}',
  }),
  scheduler('GetSchedule', 'Name', { Name: 'kept' }),
  scheduler('ListSchedules', '', {}),
  scheduler('UpdateSchedule', 'Name *ScheduleExpression *Target *FlexibleTimeWindow', {
    ...{ Name: 'kept', ScheduleExpression: 'cron(0 0 1 1 ? *)', ScheduleExpressionTimezone: 'Europe/Berlin' },
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
    Target: { Arn: FUNCTION, RoleArn: ROLE },
  }),
  scheduler('GetScheduleGroup', 'Name', { Name: 'kept' }),
  scheduler('ListScheduleGroups', '', {}),
  scheduler('TagResource', 'ResourceArn *Tags', { ResourceArn: GroupArn, Tags: [{ Key: 'a', Value: 'b' }] }),
  scheduler('ListTagsForResource', 'ResourceArn', { ResourceArn: GroupArn }),
  iam('GetRole', 'RoleName', { RoleName: 'kept' }),
  iam('ListRoles', '', { MaxItems: 5 }),
  iam('UpdateRole', 'RoleName', { RoleName: 'kept', Description: 'x', MaxSessionDuration: 3_600 }),
  iam('UpdateAssumeRolePolicy', 'RoleName *PolicyDocument', { RoleName: 'kept', PolicyDocument: TRUST }),
  iam('PutRolePolicy', 'RoleName PolicyName *PolicyDocument', {
    ...{ RoleName: 'kept', PolicyName: 'own', PolicyDocument: DOCUMENT },
  }),
  iam('AttachRolePolicy', 'RoleName PolicyArn', { RoleName: 'kept', PolicyArn: POLICY }),
  iam('ListAttachedRolePolicies', 'RoleName', { RoleName: 'kept' }),
  iam('TagRole', 'RoleName', { RoleName: 'kept', Tags: [{ Key: 'a', Value: 'b' }] }),
  iam('UntagRole', 'RoleName', { RoleName: 'kept', TagKeys: ['z'] }),
  iam('GetUser', '?UserName', { UserName: 'kept' }),
  iam('ListUsers', '', { MaxItems: 5 }),
  iam('ListAccessKeys', '?UserName', { UserName: 'kept' }),
  iam('PutUserPolicy', 'UserName PolicyName *PolicyDocument', {
    ...{ UserName: 'kept', PolicyName: 'own', PolicyDocument: DOCUMENT },
  }),
  iam('GetPolicy', 'PolicyArn', { PolicyArn: POLICY }),
  iam('ListPolicies', '', { Scope: 'Local', MaxItems: 5 }),
  iam('GetPolicyVersion', 'PolicyArn VersionId', { PolicyArn: POLICY, VersionId: 'v1' }),
  of('sts')('GetCallerIdentity', '', {}),
];

/** Each can be done last, in order. */
const ENDING: readonly ServiceRequest[] = [
  sqs('DeleteQueue', 'QueueUrl', { QueueUrl }),
  sns('DeleteTopic', 'TopicArn', { TopicArn }),
  logs('DeleteLogStream', 'logGroupName logStreamName', { logGroupName: 'kept', logStreamName: 'kept' }),
  logs('DeleteLogGroup', 'logGroupName', { logGroupName: 'kept' }),
  events('RemoveTargets', 'Rule *Ids', { Rule: 'kept', Ids: ['1'] }),
  events('DeleteRule', '*Name', { Name: 'kept' }),
  events('DeleteEventBus', '*Name', { Name: 'kept' }),
  scheduler('DeleteSchedule', 'Name', { Name: 'kept' }),
  scheduler('DeleteScheduleGroup', 'Name', { Name: 'kept' }),
  iam('DeleteUserPolicy', 'UserName PolicyName', { UserName: 'kept', PolicyName: 'own' }),
  iam('DeleteUser', 'UserName', { UserName: 'kept' }),
  iam('DetachRolePolicy', 'RoleName PolicyArn', { RoleName: 'kept', PolicyArn: POLICY }),
  iam('DeleteRolePolicy', 'RoleName PolicyName', { RoleName: 'kept', PolicyName: 'own' }),
  iam('DeleteRole', 'RoleName', { RoleName: 'kept' }),
  iam('DeletePolicy', 'PolicyArn', { PolicyArn: POLICY }),
];

export interface KeptApi {
  readonly apiId: string;
  readonly routeId: string;
  readonly integrationId: string;
  readonly authorizerId: string;
}

/** All that can be asked of what was made, and of an API; what ends things comes last. */
export function requestsAbout({ apiId, routeId, integrationId, authorizerId }: KeptApi): readonly ServiceRequest[] {
  const api = of('apigateway');
  const stageName = '$default';
  return [
    ...DOING,
    api('CreateApi', '*name *protocolType', {
      ...{ name: 'x', protocolType: 'HTTP', corsConfiguration: { allowOrigins: ['*'], maxAge: 5 }, tags: { a: 'b' } },
    }),
    api('GetApis', '', {}),
    api('GetApi', 'apiId', { apiId }),
    api('UpdateApi', 'apiId', { apiId, description: 'x', corsConfiguration: { allowMethods: ['GET'] } }),
    api('CreateRoute', 'apiId routeKey', { apiId, routeKey: 'GET /new/{x}', target: `integrations/${integrationId}` }),
    api('GetRoutes', 'apiId', { apiId }),
    api('UpdateRoute', 'apiId routeId', { apiId, routeId, operationName: 'x' }),
    api('CreateIntegration', 'apiId *integrationType', {
      ...{ apiId, integrationType: 'AWS_PROXY', integrationUri: FUNCTION, payloadFormatVersion: '2.0' },
      timeoutInMillis: 5_000,
    }),
    api('GetIntegration', 'apiId integrationId', { apiId, integrationId }),
    api('UpdateIntegration', 'apiId integrationId', { apiId, integrationId, description: 'x' }),
    api('CreateAuthorizer', 'apiId *authorizerType *identitySource *name', {
      ...{ apiId, authorizerType: 'JWT', name: 'second', identitySource: ['$request.header.Authorization'] },
      jwtConfiguration: { issuer: 'https://x.test', audience: ['a'] },
    }),
    api('UpdateAuthorizer', 'apiId authorizerId', { apiId, authorizerId, name: 'other' }),
    api('GetStage', 'apiId stageName', { apiId, stageName }),
    api('UpdateStage', 'apiId stageName', {
      ...{ apiId, stageName, stageVariables: { a: 'b' } },
      defaultRouteSettings: { throttlingBurstLimit: 5, throttlingRateLimit: 5.5 },
    }),
    api('CreateDeployment', 'apiId', { apiId, description: 'x' }),
    api('GetDeployments', 'apiId', { apiId }),
    api('TagResource', 'resourceArn', {
      resourceArn: `arn:aws:apigateway:us-east-1::/apis/${apiId}`,
      tags: { a: 'b' },
    }),
    api('DeleteRoute', 'apiId routeId', { apiId, routeId }),
    api('DeleteApi', 'apiId', { apiId }),
    ...ENDING,
  ];
}
