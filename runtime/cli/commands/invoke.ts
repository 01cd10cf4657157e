import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Arguments, Command, Host, Result } from '../command.ts';
import { ENDPOINT_OPTION, resolveEndpoint } from '../endpoint.ts';
import { CliError, UsageError } from '../failure.ts';
import { functionPath, getFunction } from '../function-api.ts';
import type { Answer } from '../http-exchange.ts';
import { type ApiCall, ApiError, createLambdaClient, type LambdaClient } from '../lambda-client.ts';
import { drawReported, parseReportLine } from '../report-line.ts';
import { invokeStreamed } from '../streamed-invoke.ts';
import { toUnknownFunction } from '../unknown-function.ts';

export const invokeCommand: Command = {
  name: 'invoke',
  synopsis: '<name>',
  summary: 'call a function with an event and print its result',
  positionals: { min: 1, max: 1 },
  options: {
    payload: { type: 'text', value: 'JSON|@file|-', help: 'the event: JSON, a file, or - for stdin (default {})' },
    qualifier: { type: 'text', value: 'VERSION|ALIAS', help: 'which version to call' },
    stream: { type: 'flag', help: 'print each piece of the result as soon as it comes' },
    log: { type: 'flag', help: 'print what the function logged, to stderr' },
    verbose: { type: 'flag', help: 'print log, cold-start phases, request id, version and status, to stderr' },
    ...ENDPOINT_OPTION,
  },
  run: invoke,
};

async function invoke(args: Arguments, host: Host): Promise<Result> {
  const name = args.positionals[0]!;
  const payload = await readPayload(args.text('payload') ?? '{}', host);
  const qualifier = args.text('qualifier');
  const client = await createLambdaClient(resolveEndpoint(args, host), host);
  const call: ApiCall = {
    method: 'POST',
    path: `${functionPath(name)}/invocations`,
    ...(qualifier === undefined ? {} : { query: { Qualifier: qualifier } }),
    headers: { 'content-type': 'application/octet-stream', 'x-amz-log-type': 'Tail' },
    body: payload,
  };
  const streams = args.flag('stream');
  if (streams && args.flag('json')) throw new UsageError('--stream prints what comes as it comes: leave --json out.');
  const asked = streams ? invokeStreamed(client, name, call, host) : client.call(call);
  const answer = await asked.catch(async (error: unknown) => {
    if (qualifier !== undefined) await assertQualified(client, name, { qualifier, error });
    throw await toUnknownFunction(error, client, name);
  });
  const result = toResult(answer, { name, args, host });
  return streams ? { ...result, text: '' } : result;
}

/** A function that is there lacks the version or alias that was asked for. */
async function assertQualified(
  client: LambdaClient,
  name: string,
  { qualifier, error }: { qualifier: string; error: unknown },
): Promise<void> {
  if (!(error instanceof ApiError) || error.code !== 'ResourceNotFoundException') return;
  if ((await getFunction(client, name).catch(() => undefined)) === undefined) return;
  throw new CliError(
    `${name} has no version or alias ${qualifier}: \`aws lambda list-aliases --function-name ${name}\` and \`list-versions-by-function\` show them.`,
  );
}

function toResult(answer: Answer, { name, args, host }: { name: string; args: Arguments; host: Host }): Result {
  const text = Buffer.from(answer.body).toString('utf8');
  const log = Buffer.from(answer.headers.get('x-amz-log-result') ?? '', 'base64').toString('utf8');
  const functionError = answer.headers.get('x-amz-function-error');
  const requestId = answer.headers.get('x-amzn-requestid') ?? '';
  const executedVersion = answer.headers.get('x-amz-executed-version') ?? '$LATEST';
  const payload = parseOrText(text);
  const report = parseReportLine(log);
  if (!args.flag('json')) {
    if ((args.flag('log') || args.flag('verbose')) && log !== '') host.note(log.trimEnd());
    if (args.flag('verbose') && report) host.note(drawReported(report, host.style));
    if (args.flag('verbose')) host.note(host.style.dim(`${answer.status} ${requestId} version ${executedVersion}`));
    if (functionError !== undefined) host.note(`${host.style.bad(`${name} failed:`)} ${toReason(payload, text)}`);
  }
  return {
    json: {
      statusCode: answer.status,
      ...(functionError === undefined ? {} : { functionError }),
      executedVersion,
      requestId,
      payload,
      ...(report ? { report } : {}),
      log,
    },
    text,
    exitCode: functionError === undefined ? 0 : 1,
  };
}

async function readPayload(given: string, host: Host): Promise<Uint8Array> {
  const bytes =
    given === '-'
      ? await host.readStdin()
      : given.startsWith('@')
        ? await readFile(resolve(host.cwd, given.slice(1))).catch(() => {
            throw new UsageError(`${given.slice(1)} cannot be read: --payload @file takes a file with JSON.`);
          })
        : Buffer.from(given);
  try {
    JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw new UsageError(
      `The payload is not JSON (${(error as Error).message}): quote it as '{"key":"value"}', or name a file as @event.json.`,
    );
  }
  return bytes;
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function toReason(payload: unknown, text: string): string {
  const { errorType, errorMessage } = (payload ?? {}) as { errorType?: unknown; errorMessage?: unknown };
  return errorMessage === undefined ? text : `${errorType === undefined ? '' : `${errorType}: `}${errorMessage}`;
}
