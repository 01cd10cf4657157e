import type { Body } from './body.ts';
import { FRAME, type Frame } from './frames.ts';
import type { Counter } from './fuel-code.ts';

/**
 * Chooses where the counter lives in a local: in the whole function when it loops and calls nothing, else in each outermost
 * loop that can turn without a call. Elsewhere, and around calls, it is in the global; also where handlers
 * are, which could not tell which of the two was the last in use.
 */
export function assignRegions(body: Body): void {
  const { hasCall, hasHandler } = body.frameAt(0);
  const whole = !hasCall && !hasHandler && hasTurningLoop(body);
  for (let index = 0; index < body.frameCount; index++) {
    const frame = body.frameAt(index);
    const outer = frame.parent < 0 ? -1 : body.frameAt(frame.parent).region;
    if (whole) frame.region = 0;
    else if (outer >= 0) frame.region = outer;
    else if (frame.kind === FRAME.loop && frame.turning && !frame.mustCall) frame.region = index;
  }
}

function hasTurningLoop(body: Body): boolean {
  for (let index = 0; index < body.frameCount; index++) {
    if (body.frameAt(index).turning) return true;
  }
  return false;
}

export function counterOf(frame: Frame): Counter {
  return frame.region >= 0 ? 'local' : 'global';
}

export function leavesRegion(frame: Frame, target: number): boolean {
  return frame.region === 0 ? target === 0 : target < frame.region;
}
