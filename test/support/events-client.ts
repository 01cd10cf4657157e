import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { readKey } from './query-client.ts';

/** The SDK's client of EventBridge with the root key of an Isola. */
export function createEventsClient(
  { url, credentialsFile }: { readonly url: string; readonly credentialsFile: string },
  credentials: ReturnType<typeof readKey> = readKey(credentialsFile),
): EventBridgeClient {
  return new EventBridgeClient({ endpoint: url, region: 'us-east-1', maxAttempts: 1, credentials });
}
