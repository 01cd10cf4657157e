import { MEMORY_MB, WASM_PAGE_BYTES } from '../contract/limits.ts';
import type { ModuleReport } from '../isolate/index.ts';
import { type Style, toPrintable, toTable } from './style.ts';

const BAR_WIDTH = 32;
const MOST_NAMES = 16;
const TYPE_NAMES: Readonly<Record<string, string>> = {
  ...{ i: 'i32', I: 'i64', f: 'f32', F: 'f64', V: 'v128', r: 'funcref', e: 'externref' },
};

/** A module's report as a picture: sizes as bars, then what it needs, offers and burns, and the verdict. */
export function drawReport(report: ModuleReport, memoryMb: number, style: Style): string {
  return [
    ...drawSizes(report),
    '',
    ...drawFacts(report),
    '',
    ...drawLoops(report, style),
    drawVerdict(report, memoryMb, style),
  ].join('\n');
}

function drawSizes({ bytes, codeBytes, dataBytes, customBytes, artifactBytes }: ModuleReport): string[] {
  const rows = [
    ['module', bytes, ''],
    ['  code', codeBytes, ''],
    ['  data', dataBytes, ''],
    ['  custom', customBytes, ' names, debugging'],
    [
      'artifact',
      artifactBytes,
      artifactBytes === undefined ? '' : ` ${(artifactBytes / bytes).toFixed(2)} times, with fuel`,
    ],
  ] as const;
  const most = Math.max(bytes, artifactBytes ?? 0);
  const figures = rows.map(([, size]) => (size ?? 0).toLocaleString('en'));
  const width = Math.max(...figures.map((figure) => figure.length));
  return rows.flatMap(([name, size, remark], row) =>
    size ? [`  ${name.padEnd(10)}${figures[row]!.padStart(width)} bytes  ${drawBar(size / most)}${remark}`] : [],
  );
}

function drawBar(share: number): string {
  return '█'.repeat(Math.max(1, Math.round(share * BAR_WIDTH)));
}

function drawFacts(report: ModuleReport): string[] {
  const { abi, features, functions, memories, needsMb, tables, imports, exports, resettable } = report;
  if (!imports || !exports) return ['  Its sections cannot be read.'];
  const byModule = new Map<string, string[]>();
  for (const { module, name, type } of imports) {
    byModule.set(module, [...(byModule.get(module) ?? []), `${toPrintable(name)}${toSignature(type)}`]);
  }
  const facts: [string, string][] = [
    ['abi', abi ?? 'none that Isola knows'],
    ['features', features?.join(', ') || 'WebAssembly 1.0'],
    ['functions', (functions ?? 0).toLocaleString('en')],
    ...(memories ?? []).map((memory): [string, string] => ['memory', toMemorySentence(memory)]),
    ['needs', `a MemorySize of ${Math.max(needsMb ?? 0, MEMORY_MB.min)} MB or more`],
    ...(tables ?? []).map(({ min, max }): [string, string] => [
      'table',
      `${min} entries${max === undefined ? '' : `, at most ${max}`}`,
    ]),
    ...[...byModule].map(([module, names]): [string, string] => [
      `imports`,
      `${toPrintable(module)}: ${toList(names)}`,
    ]),
    ['exports', toList(exports.map(({ name, type }) => `${toPrintable(name)}${toSignature(type)}`)) || 'none'],
    ...(resettable === undefined ? [] : ([['instances', resettable ? RESET : NEW]] as [string, string][])),
  ];
  return facts.map(([name, text]) => `  ${name.padEnd(10)}${text}`);
}

const RESET = 'reset and reused: memory and globals are all that code can change';
const NEW = 'made anew for every invocation: code can change tables or segments';

function toMemorySentence({ minPages, maxPages }: NonNullable<ModuleReport['memories']>[number]): string {
  const kib = (pages: number): string => {
    const size = (pages * WASM_PAGE_BYTES) / 1024;
    return size < 1024 ? `${size} KiB` : `${Number((size / 1024).toFixed(1)).toLocaleString('en')} MiB`;
  };
  return `${kib(minPages)} at start, ${maxPages === undefined ? 'no maximum' : `at most ${kib(maxPages)}`}`;
}

/** `ii:I` as ` (i32, i32) -> i64`; nothing for what is no function. */
function toSignature(type: string | undefined): string {
  if (type === undefined) return '';
  const [params = '', results = ''] = type
    .split(':')
    .map((part) => [...part].map((letter) => TYPE_NAMES[letter] ?? 'ref').join(', '));
  return `(${params})${results === '' ? '' : ` -> ${results}`}`;
}

function toList(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown}, and ${names.length - MOST_NAMES} more` : shown;
}

function drawLoops({ loops = [] }: ModuleReport, style: Style): string[] {
  if (loops.length === 0) return ['  No loops.', ''];
  const rows = loops.map(({ name, depth, least, most, calls, bySize, offset }) => [
    toPrintable(name),
    `${depth}`,
    `${least === most ? most : `${least} to ${most}`}${bySize ? ' + size' : ''}${calls > 0 ? ' + calls' : ''}`,
    `${offset}`,
  ]);
  const table = toTable(['INNERMOST LOOP IN', 'NESTED', 'FUEL A TURN', 'AT BYTE'], rows);
  return [
    ...table.split('\n').map((line) => `  ${line}`),
    style.dim('  Deepest nests first, read off the code; how often each turns only a run can tell.'),
    '',
  ];
}

function drawVerdict({ refused, missing }: ModuleReport, memoryMb: number, style: Style): string {
  if (refused !== undefined)
    return `${style.bad('✗')} A deploy with ${memoryMb} MB refuses it: ${toPrintable(refused)}`;
  const taken = `A deploy with ${memoryMb} MB takes it`;
  return missing === undefined
    ? `${style.good('✓')} ${taken}.`
    : `${style.bad('!')} ${taken}, but it exports no function "${toPrintable(missing)}": invocations end with Runtime.HandlerNotFound.`;
}
