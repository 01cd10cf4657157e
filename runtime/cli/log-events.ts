import { ApiError, type LambdaClient } from './lambda-client.ts';

/** An event as FilterLogEvents answers it. */
export interface LogEvent {
  readonly logStreamName: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
  readonly eventId: string;
}

export interface LogQuestion {
  readonly logGroupName: string;
  readonly startTime: number;
  readonly filterPattern?: string;
}

/** The events of a group, a page at a time; undefined stands for a group that is not there. */
export async function* searchEvents(
  client: LambdaClient,
  question: LogQuestion,
): AsyncGenerator<readonly LogEvent[] | undefined> {
  let nextToken: string | undefined;
  do {
    const page = await ask(client, { ...question, interleaved: true, nextToken });
    yield page?.events ?? (page === undefined ? undefined : []);
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
}

interface Page {
  readonly events?: readonly LogEvent[];
  readonly nextToken?: string;
}

async function ask(client: LambdaClient, input: unknown): Promise<Page | undefined> {
  try {
    return (await client.json({
      ...{ service: 'logs', method: 'POST', path: '/', body: JSON.stringify(input) },
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.FilterLogEvents' },
    })) as Page;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
