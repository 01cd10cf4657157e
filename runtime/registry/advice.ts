import type { Draw } from '../contract/artifact.ts';
import type { CodeRecord, VersionSettings } from '../store/function-record.ts';
import { WASM32_MB } from './settings.ts';

/** What a client should read about a version, as sentences, or undefined when there is nothing to say. */
export function adviceOn({
  memoryMb,
  code,
}: Pick<VersionSettings, 'memoryMb'> & { readonly code: CodeRecord }): string | undefined {
  const advice = [adviseOnMemory(memoryMb), adviseOnDraws(drawsOf(code))].filter((text) => text !== undefined);
  return advice.length === 0 ? undefined : advice.join(' ');
}

/** Host functions whose answers a version's image repeats. */
export function drawsOf(code: CodeRecord): readonly Draw[] {
  return ('draws' in code && code.draws) || [];
}

/** What the image repeats. The same in every isolate: a surprise to whoever counted on chance. */
export function adviseOnDraws(draws: readonly Draw[]): string | undefined {
  if (draws.length === 0) return undefined;
  const named = (what: 'random' | 'clock') => draws.filter((draw) => draw.what === what).map(({ name }) => name);
  const read = [
    ...(named('random').length > 0 ? [`random numbers (${named('random').join(', ')})`] : []),
    ...(named('clock').length > 0 ? [`the clock (${named('clock').join(', ')})`] : []),
  ];
  return `Initialisation read ${read.join(' and ')}: what it made of them repeats in every invocation. Read them in the handler.`;
}

function adviseOnMemory(memoryMb: number): string | undefined {
  if (memoryMb <= WASM32_MB) return undefined;
  return `MemorySize is ${memoryMb} MB, but a WebAssembly memory ends at ${WASM32_MB} MB: the function has ${WASM32_MB} MB.`;
}
