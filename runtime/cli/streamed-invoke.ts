import type { Host } from './command.ts';
import { readEvents } from './event-stream.ts';
import { CliError } from './failure.ts';
import type { Answer } from './http-exchange.ts';
import type { ApiCall, LambdaClient } from './lambda-client.ts';

/** What `InvokeComplete` says. */
interface Complete {
  readonly ErrorCode?: string;
  readonly ErrorDetails?: string;
  readonly LogResult?: string;
}

/** Invokes with a stream and writes each piece as it comes. Answers as Invoke would, without what was written. */
export async function invokeStreamed(client: LambdaClient, name: string, call: ApiCall, host: Host): Promise<Answer> {
  const path = `/2021-11-15/functions/${encodeURIComponent(name)}/response-streaming-invocations`;
  const { status, headers, body } = await client.open({ ...call, path });
  let complete: Complete | undefined;
  for await (const { type, payload } of readEvents(body)) {
    if (type === 'PayloadChunk') await host.write(payload);
    if (type === 'InvokeComplete') complete = JSON.parse(Buffer.from(payload).toString()) as Complete;
  }
  if (!complete) throw new CliError(`The stream of ${name} broke off.`);
  const { ErrorCode, ErrorDetails = '', LogResult = '' } = complete;
  const ended: [string, string][] = [['x-amz-log-result', LogResult]];
  if (ErrorCode !== undefined) ended.push(['x-amz-function-error', ErrorCode]);
  return { status, headers: new Map([...headers, ...ended]), body: Buffer.from(ErrorDetails) };
}
