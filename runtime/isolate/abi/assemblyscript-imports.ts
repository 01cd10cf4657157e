import { randomBytes } from 'node:crypto';
import { LOG_LINE_BYTES } from '../../contract/limits.ts';
import { GuestFailure } from '../guest-failure.ts';
import type { AbiHost } from './guest-abi.ts';

/** Fuel of one of these calls. */
const CALL_FUEL = 100;
const MAX_TEXT_BYTES = 2 * LOG_LINE_BYTES;
const LEVELS = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR' } as const;

/** What AssemblyScript's standard library imports by itself, all in module `env`, with its types (contract/artifact). */
export const ASSEMBLYSCRIPT_IMPORTS: Readonly<Record<string, string>> = {
  ...{ abort: 'iiii:', trace: 'iiFFFFF:', seed: ':F', 'Date.now': ':F', 'performance.now': ':F' },
  ...Object.fromEntries(Object.keys(LEVELS).map((level) => [`console.${level}`, 'i:'])),
};

export function createAssemblyScriptImports({ memory, call, meter }: AbiHost): WebAssembly.Imports {
  const text = (pointer: number) => (pointer === 0 ? '' : (memory.assemblyScriptString(pointer, MAX_TEXT_BYTES) ?? ''));
  const logAs = (level: string) => (pointer: number) => {
    const line = text(pointer);
    meter.charge(CALL_FUEL + line.length);
    call.log.line(`${level}\t${line}`);
  };
  const millisecond = (name: string, now: () => number) => () => {
    meter.charge(CALL_FUEL);
    call.drew('clock', `env.${name}`);
    return Math.floor(now());
  };
  return {
    env: {
      abort(message: number, file: number, line: number, column: number): never {
        const [why, where] = [text(message), text(file)];
        meter.charge(CALL_FUEL + why.length + where.length);
        return meter.end(new GuestFailure('Error', why || 'abort', [`at ${where}:${line >>> 0}:${column >>> 0}`]));
      },
      trace(message: number, count: number, ...values: number[]): void {
        const line = [text(message), ...values.slice(0, Math.min(Math.max(count, 0), 5))].join(' ');
        meter.charge(CALL_FUEL + line.length);
        call.log.line(`TRACE\t${line}`);
      },
      seed(): number {
        meter.charge(CALL_FUEL);
        call.drew('random', 'env.seed');
        return randomBytes(8).readDoubleLE();
      },
      'Date.now': millisecond('Date.now', () => Date.now()),
      'performance.now': millisecond('performance.now', () => performance.now()),
      ...Object.fromEntries(Object.entries(LEVELS).map(([name, level]) => [`console.${name}`, logAs(level)])),
    },
  };
}
