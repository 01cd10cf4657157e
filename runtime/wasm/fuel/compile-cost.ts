import { WasmRefused } from '../format/refused.ts';
import type { Body } from './body.ts';
import { FRAME } from './frames.ts';

/**
 * What a function may have of locals times blocks, and of locals times loops. The engine's compilers keep something for each
 * local at each block, and more at each loop: on Node 20 some 190 and 460 bytes, 1.9 GB for 24 KB of code. Real programs that
 * were compiled to run fast have 370,000 and 48,000 at the most, an interpreter compiled for debugging six million and 160,000.
 */
const MOST_AT_BLOCKS = 8_000_000;
const MOST_AT_LOOPS = 1_000_000;

/** Refuses a function that would cost the engine more memory to compile than a module can be worth. */
export function assertCompilable(body: Body): void {
  const { localCount, frameCount } = body;
  if (localCount * frameCount <= MOST_AT_LOOPS) return;
  let loops = 0;
  for (let frame = 0; frame < frameCount; frame++) if (body.frameAt(frame).kind === FRAME.loop) loops++;
  if (localCount * frameCount <= MOST_AT_BLOCKS && localCount * loops <= MOST_AT_LOOPS) return;
  const sizes = `${localCount} locals, ${frameCount} blocks and ${loops} loops`;
  throw new WasmRefused(`a function of ${sizes}, which takes too much memory to compile`, body.bodyStart);
}
