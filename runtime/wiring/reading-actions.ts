/** What an execution role must allow of a source for a mapping to read it. */
export const READING_ACTIONS: Readonly<Record<'sqs' | 'kinesis' | 'dynamodb', readonly string[]>> = {
  sqs: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  kinesis: ['kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:DescribeStream', 'kinesis:ListShards'],
  dynamodb: ['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream'],
};

/** The resource that such a policy names: a stream, also where the mapping names a consumer of it. */
export function toReadArn(arn: string): string {
  return arn.replace(/\/consumer\/.*$/, '');
}
