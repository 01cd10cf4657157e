import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** What CloudWatch Logs tells a subscriber of one stream. */
export interface SubscribedEvents {
  /** The account. */
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly subscriptionFilters: readonly string[];
  readonly logEvents: readonly { readonly id: string; readonly timestamp: number; readonly message: string }[];
}

const compress = promisify(gzip);

/** The event of a function: JSON, gzipped, in base64. */
export async function toAwsLogsEvent(events: SubscribedEvents): Promise<string> {
  const data = await compress(JSON.stringify({ messageType: 'DATA_MESSAGE', ...events }));
  return JSON.stringify({ awslogs: { data: data.toString('base64') } });
}
