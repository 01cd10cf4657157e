import type { Style } from './style.ts';

/** What the platform's REPORT line says of an invocation. Durations in milliseconds. */
export interface Reported {
  readonly durationMs: number;
  readonly maxMemoryMb: number;
  readonly fuel: number;
  /** Its cold start's phases; absent when it was warm. */
  readonly cold?: Readonly<Record<Phase, number>>;
}

const PHASES = ['compile', 'worker', 'instantiate', 'restore'] as const;
type Phase = (typeof PHASES)[number];

const BAR_WIDTH = 32;

/** Reads the last line of a log tail: the platform writes it, after all that the guest can have logged. */
export function parseReportLine(log: string): Reported | undefined {
  const line = log.trimEnd().split('\n').at(-1) ?? '';
  if (!line.startsWith('REPORT RequestId: ')) return undefined;
  const fields = new Map(
    line.split('\t').map((field) => {
      const [name = '', value = ''] = field.split(': ');
      return [name, Number.parseFloat(value)] as const;
    }),
  );
  const of = (name: string): number => fields.get(name) ?? Number.NaN;
  const [compile, worker, instantiate, restore] = ['Compile', 'Worker', 'Instantiate', 'Restore'].map(of);
  return {
    durationMs: of('Duration'),
    maxMemoryMb: of('Max Memory Used'),
    fuel: of('Fuel'),
    ...(fields.has('Compile') ? { cold: { compile, worker, instantiate, restore } as Record<Phase, number> } : {}),
  };
}

/** The phases of a cold start as bars, or one line that says there was none. */
export function drawReported({ durationMs, fuel, maxMemoryMb, cold }: Reported, style: Style): string {
  const handler = `handler ${durationMs} ms, ${fuel.toLocaleString('en')} fuel, ${maxMemoryMb} MB`;
  if (!cold) return `${style.good('warm')}, ${handler}`;
  const total = PHASES.reduce((sum, phase) => sum + cold[phase], 0);
  const rows = PHASES.map((phase) => {
    const bar = '█'.repeat(Math.round((cold[phase] / total) * BAR_WIDTH) || 0);
    return `  ${phase.padEnd(11)} ${cold[phase].toFixed(3).padStart(9)} ms  ${bar}`.trimEnd();
  });
  return [`${style.bold('cold start')} ${total.toFixed(3)} ms, ${handler}`, ...rows].join('\n');
}
