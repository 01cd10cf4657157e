import { isDeepStrictEqual } from 'node:util';
import { TYPE } from '../../runtime/wasm/format/value-types.ts';
import { type DecodedModule, decodeModule, rewrite } from '../../runtime/wasm/index.ts';
import { FuelHost } from '../wasm/fuel-host.ts';

const SLICES = [1, 37, 1000, 1_000_000] as const;
const BUDGET = 2 ** 40;
const ZEROS: Readonly<Record<string, unknown>> = { i: 0, I: 0n, f: 0, F: 0 };
const GLOBALS: ReadonlyMap<number, [WebAssembly.ValueType, unknown]> = new Map<
  number,
  [WebAssembly.ValueType, unknown]
>([
  [TYPE.i32, ['i32', 7]],
  [TYPE.i64, ['i64', 7n]],
  [TYPE.f32, ['f32', 0.5]],
  [TYPE.f64, ['f64', 0.5]],
  [TYPE.funcref, ['anyfunc', null]],
  [TYPE.externref, ['externref', 'a host value']],
]);

type Log = unknown[];

interface Meter {
  readonly begin: () => void;
  readonly used: () => number;
}

const UNMETERED: Meter = { begin: () => undefined, used: () => 0 };

/** A host made to measure: functions that log and answer zero, and plain globals, tables and tags. */
function createImports(module: DecodedModule, log: Log): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  let globals = 0;
  for (const { module: from, name, kind, type } of module.imports) {
    imports[from] ??= {};
    if (kind === 'function') {
      const results = (type ?? ':').split(':')[1]!;
      const zero = [...results].map((letter) => ZEROS[letter] ?? null);
      imports[from][name] = (...values: unknown[]) => {
        log.push([name, values.map(describe)]);
        return zero.length > 1 ? zero : zero[0];
      };
    } else if (kind === 'global') {
      const declared = module.globals[globals++]!;
      const [value, initial] = GLOBALS.get(declared.type) ?? ['externref', null];
      imports[from][name] = new WebAssembly.Global({ value, mutable: declared.mutable }, initial);
    } else if (kind === 'table') imports[from][name] = new WebAssembly.Table({ element: 'anyfunc', initial: 10 });
    else if (kind === 'tag') {
      const Tag = (WebAssembly as unknown as { Tag: new (type: object) => WebAssembly.ImportValue }).Tag;
      imports[from][name] = new Tag({ parameters: name === 'jstag' ? ['externref'] : ['i32'] });
    } else imports[from][name] = new WebAssembly.Memory({ initial: 1 });
  }
  return imports;
}

function describe(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(describe);
  if (typeof value === 'function') return `function ${value.name}`;
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : value;
}

/** Tables of 64-bit addresses count in BigInts. */
function entriesOf(table: WebAssembly.Table): unknown[] {
  const wide = typeof (table.length as unknown) === 'bigint';
  return Array.from({ length: Number(table.length) }, (_, index) =>
    describe(table.get((wide ? BigInt(index) : index) as number)),
  );
}

/**
 * Calls every export in turn on one instance, and says all that can be seen of it. How deep the stack is, and so what a call
 * costs that overflows it, is the engine's own affair.
 */
function play(exports: WebAssembly.Exports, module: DecodedModule, log: Log, meter: Meter): number[] {
  const used: number[] = [];
  for (const round of [0, 1]) {
    for (const { name, kind, type } of module.exports) {
      const target = exports[name];
      if (kind === 'function') {
        const values = [...(type ?? ':').split(':')[0]!].map((letter) =>
          round === 0 ? (ZEROS[letter] ?? null) : letter === 'I' ? -9n : letter in ZEROS ? 12.5 : null,
        );
        let deep = false;
        meter.begin();
        try {
          log.push([name, describe((target as CallableFunction)(...values))]);
        } catch (error) {
          deep = error instanceof RangeError;
          log.push([name, error instanceof Error ? String(error) : describe(error)]);
        }
        used.push(deep ? 0 : meter.used());
      } else if (kind === 'global') {
        try {
          log.push([name, describe((target as WebAssembly.Global).value)]);
        } catch (error) {
          log.push([name, String(error)]);
        }
      } else if (kind === 'memory') {
        log.push([name, Buffer.from((target as WebAssembly.Memory).buffer).toString('latin1')]);
      } else if (kind === 'table') {
        log.push([name, entriesOf(target as WebAssembly.Table)]);
      }
    }
  }
  return used;
}

/** Runs a module of another generator as it is and rewritten; throws where they differ. Answers the fuel of its calls. */
export function compareForeign(input: Uint8Array): number[] {
  const module = decodeModule(input);
  const run = (create: (imports: WebAssembly.Imports) => [WebAssembly.Exports, Meter]): [Log, number[]] => {
    const log: Log = [];
    let exports: WebAssembly.Exports;
    let meter: Meter;
    try {
      [exports, meter] = create(createImports(module, log));
    } catch (error) {
      return [[...log, error instanceof Error ? String(error).replace(/^.*?: /, '') : describe(error)], []];
    }
    return [log, play(exports, module, log, meter)];
  };
  const plain = new WebAssembly.Module(input as BufferSource);
  const { code, shape } = rewrite(input);
  const metered = new WebAssembly.Module(code as BufferSource);
  const [expected] = run((imports) => [new WebAssembly.Instance(plain, imports).exports, UNMETERED]);
  let first: number[] | undefined;
  for (const slice of SLICES) {
    const [log, used] = run((imports) => {
      const host = new FuelHost(metered, shape, { slice, budget: BUDGET }, imports);
      return [host.instance.exports, { begin: () => host.begin(), used: () => host.used }];
    });
    const at = log.findIndex((entry, index) => !isDeepStrictEqual(entry, expected[index]));
    if (at >= 0 || log.length !== expected.length)
      throw new Error(`in slices of ${slice}: ${show(expected[at])} became ${show(log[at])}`);
    first ??= used;
    if (!isDeepStrictEqual(first, used)) throw new Error(`other fuel in slices of ${slice}`);
  }
  return first ?? [];
}

function show(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part))?.slice(0, 400) ??
    'nothing'
  );
}
