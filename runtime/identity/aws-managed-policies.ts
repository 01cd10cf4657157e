import type { PolicyRecord } from './identity-records.ts';

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const READS_OF_IAM = ['iam:Get*', 'iam:List*'];
const NETWORK = ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface'];
const READS_OF_SCHEDULER = ['scheduler:Get*', 'scheduler:List*'];

const allow = (...actions: readonly string[]): unknown => ({ Effect: 'Allow', Action: actions, Resource: '*' });

const passTo = (service: string): unknown => ({
  Effect: 'Allow',
  Action: 'iam:PassRole',
  Resource: '*',
  Condition: { StringEquals: { 'iam:PassedToService': `${service}.amazonaws.com` } },
});

/** The policies of AWS's own for services that are here, by the end of their ARN, with what of them means something here. */
const STATEMENTS: Readonly<Record<string, readonly unknown[]>> = {
  AdministratorAccess: [allow('*')],
  AmazonAPIGatewayAdministrator: [allow('apigateway:*')],
  AmazonAPIGatewayInvokeFullAccess: [allow('execute-api:Invoke', 'execute-api:ManageConnections')],
  AmazonDynamoDBFullAccess: [allow('dynamodb:*')],
  AmazonEventBridgeFullAccess: [allow('events:*', 'scheduler:*'), passTo('events'), passTo('scheduler')],
  AmazonEventBridgeReadOnlyAccess: [
    allow('events:Describe*', 'events:List*', 'events:TestEventPattern', ...READS_OF_SCHEDULER),
  ],
  AmazonEventBridgeSchedulerFullAccess: [allow('scheduler:*'), passTo('scheduler')],
  AmazonEventBridgeSchedulerReadOnlyAccess: [allow(...READS_OF_SCHEDULER)],
  AmazonKinesisFullAccess: [allow('kinesis:*')],
  AmazonKinesisReadOnlyAccess: [allow('kinesis:Describe*', 'kinesis:Get*', 'kinesis:List*')],
  AmazonS3FullAccess: [allow('s3:*')],
  AmazonS3ReadOnlyAccess: [allow('s3:Describe*', 's3:Get*', 's3:List*')],
  AmazonSNSFullAccess: [allow('sns:*')],
  AmazonSNSReadOnlyAccess: [allow('sns:GetTopicAttributes', 'sns:GetSubscriptionAttributes', 'sns:List*')],
  AmazonSQSFullAccess: [allow('sqs:*')],
  AmazonSQSReadOnlyAccess: [allow('sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:List*')],
  AWSLambda_FullAccess: [allow('lambda:*', 'logs:*', ...READS_OF_IAM), passTo('lambda')],
  AWSLambda_ReadOnlyAccess: [
    allow('lambda:Get*', 'lambda:List*', 'logs:Describe*', 'logs:Get*', 'logs:FilterLogEvents', ...READS_OF_IAM),
  ],
  AWSXRayDaemonWriteAccess: [allow('xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSampling*')],
  CloudWatchLogsFullAccess: [allow('logs:*')],
  CloudWatchLogsReadOnlyAccess: [
    allow(
      'logs:Describe*',
      'logs:FilterLogEvents',
      'logs:Get*',
      'logs:List*',
      'logs:StartLiveTail',
      'logs:StopLiveTail',
    ),
  ],
  IAMFullAccess: [allow('iam:*')],
  IAMReadOnlyAccess: [allow(...READS_OF_IAM)],
  'service-role/AWSLambdaBasicExecutionRole': [allow(...LOGS)],
  'service-role/AWSLambdaDynamoDBExecutionRole': [
    allow(
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      ...LOGS,
    ),
  ],
  'service-role/AWSLambdaKinesisExecutionRole': [
    allow('kinesis:Describe*', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:List*', ...LOGS),
  ],
  'service-role/AWSLambdaRole': [allow('lambda:InvokeFunction')],
  'service-role/AWSLambdaSQSQueueExecutionRole': [
    allow('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...LOGS),
  ],
  'service-role/AWSLambdaVPCAccessExecutionRole': [allow(...NETWORK, ...LOGS)],
};

export const BASIC_EXECUTION = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

/** Policies that every account has, by ARN. */
export const AWS_MANAGED_POLICIES: ReadonlyMap<string, PolicyRecord> = new Map(
  Object.entries(STATEMENTS).map(([location, statements], index) => {
    const slash = location.lastIndexOf('/');
    const arn = `arn:aws:iam::aws:policy/${location}`;
    const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    const record: PolicyRecord = {
      name: location.slice(slash + 1),
      path: `/${location.slice(0, slash + 1)}`,
      id: `ANPAAWSMANAGED${String(index).padStart(7, 'A')}`,
      ...{ arn, createdAt: 0, updatedAt: 0, tags: {}, description: undefined },
      versions: [{ id: 'v1', document, createdAt: 0 }],
      defaultVersion: 'v1',
    };
    return [arn, record];
  }),
);
