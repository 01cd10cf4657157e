import { setTimeout as delay } from 'node:timers/promises';
import type { Arguments, Command, Host, Result } from '../command.ts';
import { ENDPOINT_OPTION, resolveEndpoint } from '../endpoint.ts';
import { CliError, UsageError } from '../failure.ts';
import { getFunction } from '../function-api.ts';
import { createLambdaClient, type LambdaClient } from '../lambda-client.ts';
import { type LogEvent, type LogQuestion, searchEvents } from '../log-events.ts';
import { type Style, toPrintable } from '../style.ts';
import { suggest } from '../unknown-function.ts';

export const logsCommand: Command = {
  name: 'logs',
  synopsis: '<name>',
  summary: 'show what a function logged',
  positionals: { min: 1, max: 1 },
  options: {
    follow: { type: 'flag', short: 'f', help: 'go on with what it logs from now on' },
    since: { type: 'text', value: 'TIME', help: 'from when on: 30s, 10m, 2h, 7d (default 10m)' },
    filter: {
      type: 'text',
      value: 'PATTERN',
      help: 'a filter pattern of CloudWatch Logs, such as ERROR or { $.level = "error" }',
    },
    ...ENDPOINT_OPTION,
  },
  run: logs,
};

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const POLL_MS = 1_000;

async function logs(args: Arguments, host: Host): Promise<Result> {
  const name = args.positionals[0] as string;
  const startTime = Date.now() - parseSince(args.text('since') ?? '10m');
  const filterPattern = args.text('filter');
  const client = await createLambdaClient(resolveEndpoint(args, host), host);
  const logGroupName = await findGroup(client, name);
  const question = { logGroupName, startTime, ...(filterPattern === undefined ? {} : { filterPattern }) };
  const wantsJson = args.flag('json');
  if (args.flag('follow')) {
    const toLine = wantsJson
      ? (event: LogEvent) => JSON.stringify(event)
      : (event: LogEvent) => draw(event, host.style);
    return follow(client, question, (event) => host.write(Buffer.from(`${toLine(event)}\n`)));
  }
  const events: LogEvent[] = [];
  let shown = 0;
  for await (const page of searchEvents(client, question)) {
    shown += page?.length ?? 0;
    if (wantsJson) events.push(...(page ?? []));
    else for (const event of page ?? []) await host.write(Buffer.from(`${draw(event, host.style)}\n`));
  }
  if (shown === 0 && !wantsJson) {
    const such = filterPattern === undefined ? 'nothing' : 'nothing such';
    host.note(
      host.style.dim(
        `${name} logged ${such} in ${args.text('since') ?? '10m'}: --since 7d looks further back, --follow waits.`,
      ),
    );
  }
  return { json: { logGroupName, events }, text: '' };
}

/** Shows each event once: what came at the last time that was seen is asked for again, for more may have come. */
async function follow(
  client: LambdaClient,
  question: LogQuestion,
  show: (event: LogEvent) => Promise<void>,
): Promise<never> {
  let startTime = question.startTime;
  let seen = new Set<string>();
  for (;;) {
    const before = seen;
    for await (const page of searchEvents(client, { ...question, startTime })) {
      for (const event of page ?? []) {
        if (before.has(event.eventId)) continue;
        await show(event);
        if (event.timestamp > startTime) {
          startTime = event.timestamp;
          seen = new Set();
        }
        if (event.timestamp === startTime) seen.add(event.eventId);
      }
    }
    await delay(POLL_MS);
  }
}

/** What a function that is gone logged is still there, in the group that functions have who name none. */
async function findGroup(client: LambdaClient, name: string): Promise<string> {
  const usual = `/aws/lambda/${name}`;
  const found = await getFunction(client, name);
  if (found !== undefined) return found.LoggingConfig?.LogGroup ?? usual;
  for await (const page of searchEvents(client, { logGroupName: usual, startTime: Date.now() })) {
    if (page !== undefined) return usual;
  }
  const near = await suggest(client, name);
  throw new CliError(`There is no function ${name}, and none has logged${near}: \`isola list\` shows what is there.`);
}

function draw({ timestamp, message }: LogEvent, style: Style): string {
  const time = style.dim(new Date(timestamp).toISOString().replace('T', ' ').slice(0, 23));
  const text = message.trimEnd().split('\t').map(toPrintable).join('\t');
  if (/^(?:START|END|REPORT) RequestId: /.test(text)) return `${time}  ${style.dim(text)}`;
  const isBad = /^(?:ERROR|FATAL)\t|Task timed out after|^RequestId: \S+ Error: |"level":"(?:ERROR|FATAL)"/i.test(text);
  return `${time}  ${isBad ? style.bad(text) : text}`;
}

function parseSince(since: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(since) ?? [];
  if (count === undefined) throw new UsageError(`--since takes a time such as 30s, 10m, 2h or 7d, not \`${since}\`.`);
  return Number(count) * (UNIT_MS[unit] as number);
}
