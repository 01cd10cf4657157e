import { SQSClient } from '@aws-sdk/client-sqs';
import { readKey } from './query-client.ts';

/** The SDK's client of SQS with the root key of an Isola. */
export function createSqsClient({
  url,
  credentialsFile,
}: {
  readonly url: string;
  readonly credentialsFile: string;
}): SQSClient {
  return new SQSClient({ endpoint: url, region: 'us-east-1', maxAttempts: 1, credentials: readKey(credentialsFile) });
}
