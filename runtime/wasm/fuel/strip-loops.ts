import type { Body } from './body.ts';
import { matchCountedLoop, turnFuel } from './counted-loops.ts';
import { matchOpenLoop } from './open-loops.ts';

/** Dearer turns are worth a charge of their own. */
const MOST_TURN_FUEL = 256;
/** Fuel that is charged at once, and burnt without a look. */
const STRIP_FUEL = 8192;
/** So that a strip's index does not wrap around. */
const MOST_STEP = 65_536;

/** Finds the counted loops that are charged for many turns at once: those whose turns all cost the same. */
export function findStrippedLoops(body: Body, bytes: Uint8Array): void {
  for (let index = 0; index < body.frameCount; index++) {
    const frame = body.frameAt(index);
    if (!frame.checked || frame.mustCall || frame.hasCall || frame.hasHandler) continue;
    frame.open = matchOpenLoop(body, bytes, index);
    const loop = matchCountedLoop(body, bytes, index);
    const fuel = loop && turnFuel(body, index, loop);
    if (!loop || fuel === undefined || fuel <= 0 || fuel > MOST_TURN_FUEL || Math.abs(loop.step) > MOST_STEP) continue;
    if (loop.form !== 'behind' && body.charge[frame.startItem] !== 0) continue;
    frame.open = undefined;
    frame.counted = { ...loop, fuel, most: Math.floor(STRIP_FUEL / fuel) };
  }
}
