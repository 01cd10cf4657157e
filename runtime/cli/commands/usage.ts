import { type Prices, toCost, type Usage } from '../../contract/usage.ts';
import type { Arguments, Command, Host, Result } from '../command.ts';
import { ENDPOINT_OPTION, resolveEndpoint } from '../endpoint.ts';
import { UsageError } from '../failure.ts';
import { createLambdaClient } from '../lambda-client.ts';
import { readPriceList } from '../price-list.ts';
import { toPrintable, toTable } from '../style.ts';

export const usageCommand: Command = {
  name: 'usage',
  synopsis: '',
  summary: 'show what functions used by day, and what that would cost',
  positionals: { min: 0, max: 0 },
  options: {
    days: { type: 'text', value: 'N', help: 'the last N days; 30 otherwise' },
    prices: { type: 'text', value: 'FILE', help: "a price list; otherwise the server's, which ISOLA_PRICES says" },
    ...ENDPOINT_OPTION,
  },
  run: usage,
};

interface Used extends Usage {
  readonly cost: number;
}

interface Answer {
  readonly usage: readonly (Used & { readonly day: string; readonly functionName: string })[];
  readonly prices: Prices;
}

const HEADER = ['DAY', 'FUNCTION', 'REQUESTS', 'ERRORS', 'THROTTLES', 'BILLED', 'GB-SECONDS', 'FUEL', 'COST'];

async function usage(args: Arguments, host: Host): Promise<Result> {
  const days = args.text('days') ?? '30';
  if (!/^[1-9]\d{0,2}$/.test(days) || Number(days) > 400) {
    throw new UsageError(`--days takes a whole number from 1 to 400, not \`${days}\`.`);
  }
  const file = args.text('prices');
  const prices = file === undefined ? undefined : await readPriceList(host.cwd, file);
  const client = await createLambdaClient(resolveEndpoint(args, host), host);
  const answered = (await client.json({ method: 'GET', path: '/isola/usage', query: { Days: days } })) as Answer;
  const answer = prices === undefined ? answered : priced(answered, prices);
  const total = sum(answer.usage);
  const json = { days: Number(days), ...answer, total };
  if (answer.usage.length === 0) return { json, text: `No function was invoked in the last ${days} days.` };
  const { currency, perRequest, perGbSecond } = answer.prices;
  const rows = [
    ...answer.usage.map((each) => [each.day, toPrintable(each.functionName), ...toCells(each)]),
    ['', 'in all', ...toCells(total)],
  ];
  const list = `${show(perRequest * 1e6, 2)} for a million requests, ${show(perGbSecond, 10)} for a GB-second`;
  return { json, text: `${toTable(HEADER, rows)}\n\n${host.style.dim(`Costs in ${currency}: ${list}.`)}` };
}

function priced({ usage }: Answer, prices: Prices): Answer {
  return { usage: usage.map((each) => ({ ...each, cost: toCost(each, prices) })), prices };
}

function sum(usage: readonly Used[]): Used {
  const total = { requests: 0, errors: 0, throttles: 0, billedMs: 0, gbSeconds: 0, fuel: 0, cost: 0 };
  for (const each of usage) for (const name of Object.keys(total) as (keyof Used)[]) total[name] += each[name];
  return total;
}

function toCells(used: Used): readonly string[] {
  const counts = [used.requests, used.errors, used.throttles].map((count) => show(count, 0));
  return [
    ...counts,
    `${show(used.billedMs / 1_000, 3)} s`,
    ...[show(used.gbSeconds, 3), show(used.fuel, 0), show(used.cost, 6)],
  ];
}

/** With commas between thousands, and at most so many decimals. */
function show(value: number, decimals: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}
