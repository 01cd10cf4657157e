import { isDeepStrictEqual } from 'node:util';
import { AdaptiveSliceLength } from '../../runtime/isolate/slice-length.ts';
import { ROUNDED, rewrite, TO_THE_UNIT } from '../../runtime/wasm/index.ts';
import { FuelHost } from '../wasm/fuel-host.ts';
import type { RandomModule } from './random-module.ts';
import { type Outcome, World } from './world.ts';

const SLICES: readonly number[] = [1, 37, 1000, 1_000_000];
/** More than any module of this generator can use. */
const BUDGET = 2 ** 40;
/** Shares of what a call uses that it is also run with. */
const TOO_LITTLE: readonly number[] = [0, 0.3, 0.99];

/** What a module did in all of its runs. */
export interface Comparison {
  readonly calls: number;
  /** Calls whose fuel was held against the count, to the unit. */
  readonly exact: number;
  /** Fuel of every call. */
  readonly fuel: readonly number[];
}

/** A difference between a module and its rewritten self, with all that is needed to see it again. */
export class Difference extends Error {
  constructor(module: RandomModule, what: string, expected: unknown, actual: unknown) {
    const show = (value: unknown): string =>
      JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
    const features = JSON.stringify(module.features);
    const bytes = Buffer.from(module.plain).toString('base64');
    super(
      `${what}: expected ${show(expected)}, got ${show(actual)}\nFUZZ_SEED=${module.seed} FUZZ_RUNS=1\n${features}\n${bytes}`,
    );
    this.name = 'Difference';
  }
}

interface Run {
  readonly world: World;
  readonly outcomes: readonly Outcome[];
  /** Fuel of every call, and when the guest called the host what it had used until then. */
  readonly fuel: readonly number[];
  readonly marks: readonly number[];
  /** Exceptions thrown in every call. */
  readonly thrown: readonly number[];
  readonly state: ReturnType<World['state']> | undefined;
  readonly failure: string | undefined;
}

/** An instance, and what it counts since the call that runs began. */
interface Subject {
  readonly exports: WebAssembly.Exports;
  readonly begin: () => void;
  readonly used: () => number;
  readonly thrown: () => number;
}

function run(module: RandomModule, create: (imports: WebAssembly.Imports) => Subject): Run {
  const world = new World(module);
  const outcomes: Outcome[] = [];
  const fuel: number[] = [];
  const marks: number[] = [];
  const thrown: number[] = [];
  const seen = { world, outcomes, fuel, marks, thrown };
  let subject: Subject;
  try {
    subject = create(world.imports);
  } catch (error) {
    return { ...seen, state: undefined, failure: world.describe(error) };
  }
  world.onHostCall = () => marks.push(subject.used());
  let before = 0;
  const begin = (): void => {
    subject.begin();
    before = subject.thrown() + world.thrown;
  };
  for (const outcome of world.calls(subject.exports, begin)) {
    outcomes.push(outcome);
    fuel.push(subject.used());
    thrown.push(subject.thrown() + world.thrown - before);
  }
  return { ...seen, state: world.state(subject.exports), failure: undefined };
}

/** Calls up to the first that its budget ends, and what each had used. */
function runOnBudget(
  module: RandomModule,
  create: (imports: WebAssembly.Imports) => FuelHost,
): { readonly outcome: Outcome; readonly stopped: boolean; readonly used: number }[] {
  const world = new World(module);
  const ends: ReturnType<typeof runOnBudget> = [];
  let host: FuelHost;
  try {
    host = create(world.imports);
  } catch {
    return ends;
  }
  for (const outcome of world.calls(host.instance.exports, () => host.begin())) {
    ends.push({ outcome, stopped: host.stopped, used: host.used });
    if (host.stopped) break;
  }
  return ends;
}

function counting({ exports }: WebAssembly.Instance): Subject {
  const numberOf = (name: string): number => Number((exports[name] as WebAssembly.Global | undefined)?.value ?? 0);
  let before = 0;
  const begin = (): void => {
    before = numberOf('count');
  };
  return { exports, begin, used: () => numberOf('count') - before, thrown: () => numberOf('thrown') };
}

/**
 * Runs a module as it is, counting, and rewritten in slices of several lengths; throws where they differ. Every other one is
 * rewritten without rounding, so that its fuel must be what it counted; the others may not cost less.
 */
export function compare(module: RandomModule): Comparison {
  const rounding = module.seed % 2 === 0 ? ROUNDED : TO_THE_UNIT;
  const { code, shape } = rewrite(module.plain, rounding);
  const [plain, counted, metered] = [module.plain, module.counted, code].map(
    (bytes) => new WebAssembly.Module(bytes as BufferSource),
  );
  const equal = (what: string, expected: unknown, actual: unknown): void => {
    if (!isDeepStrictEqual(expected, actual)) throw new Difference(module, what, expected, actual);
  };
  const original = run(module, (imports) => counting(new WebAssembly.Instance(plain!, imports)));
  const reference = run(module, (imports) => counting(new WebAssembly.Instance(counted!, imports)));
  equal('results while counting', original.outcomes, reference.outcomes);
  let exact = 0;
  let first: Run | undefined;
  for (const slice of SLICES) {
    const actual = run(module, (imports) => {
      const host = new FuelHost(metered!, shape, { slice, budget: BUDGET }, imports);
      return { exports: host.instance.exports, begin: () => host.begin(), used: () => host.used, thrown: () => 0 };
    });
    const at = (what: string): string => `${what}, in slices of ${slice}`;
    equal(at('instantiation'), original.failure, actual.failure);
    actual.outcomes.forEach((outcome, index) => {
      equal(at(`call ${index} of ${outcome.name}`), original.outcomes[index], outcome);
    });
    equal(at('number of calls'), original.outcomes.length, actual.outcomes.length);
    equal(at('calls of the host'), original.world.log, actual.world.log);
    equal(at('tables'), original.state?.tables, actual.state?.tables);
    original.state?.memories.forEach((memory, index) => {
      const other = actual.state?.memories[index];
      if (!other || Buffer.compare(memory, other) !== 0) equal(at(`memory ${index}`), 'the same bytes', 'others');
    });
    exact += compareFuel(module, at, reference, actual, rounding === TO_THE_UNIT ? 'to the unit' : 'rounded up');
    first ??= actual;
    equal(at('fuel of all calls'), first.fuel, actual.fuel);
    equal(at('fuel at calls of the host'), first.marks, actual.marks);
  }
  for (const share of TOO_LITTLE) {
    const budget = Math.floor(Math.max(0, ...first!.fuel) * share);
    const [expected, ...others] = [1, 1000, new AdaptiveSliceLength()].map((slice) =>
      runOnBudget(module, (imports) => new FuelHost(metered!, shape, { slice, budget }, imports)),
    );
    for (const actual of others) equal(`calls on a budget of ${budget}`, expected, actual);
    const finished = expected!.filter(({ stopped }) => !stopped).map(({ outcome }) => outcome);
    equal(`what ends on a budget of ${budget}`, original.outcomes.slice(0, finished.length), finished);
  }
  return { calls: original.outcomes.length * SLICES.length, exact, fuel: first!.fuel };
}

/** A call that ended and in which nothing was thrown costs what it ran; what an exception skips may have been paid. */
function compareFuel(
  module: RandomModule,
  at: (what: string) => string,
  expected: Run,
  actual: Run,
  counts: 'to the unit' | 'rounded up',
): number {
  let exact = 0;
  actual.outcomes.forEach(({ name, how }, index) => {
    if (how === 'trapped') return;
    const [least, used] = [expected.fuel[index]!, actual.fuel[index]!];
    const isExact = counts === 'to the unit' && expected.thrown[index] === 0;
    if (isExact ? used !== least : used < least)
      throw new Difference(module, at(`fuel of call ${index} of ${name}`), least, used);
    if (isExact) exact++;
  });
  const early = actual.marks.findIndex((used, index) => used < expected.marks[index]!);
  if (early >= 0)
    throw new Difference(module, at(`fuel at host call ${early}`), expected.marks[early], actual.marks[early]);
  return exact;
}
