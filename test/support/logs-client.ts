import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { readKey } from './query-client.ts';

/** The SDK's client with the root key of an Isola. */
export function createLogsClient({
  url,
  running,
}: {
  readonly url: string;
  readonly running: { readonly credentialsFile: string };
}): CloudWatchLogsClient {
  const credentials = readKey(running.credentialsFile);
  return new CloudWatchLogsClient({ endpoint: url, region: 'us-east-1', maxAttempts: 1, credentials });
}
