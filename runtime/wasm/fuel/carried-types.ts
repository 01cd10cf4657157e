import type { TypeTable } from '../format/type-table.ts';
import { FRAME, type Frame } from './frames.ts';

const NO_TYPE = -64;

/** Types of the values that a branch to this frame carries. `at` is where a wrong block type is reported. */
export function carriedTypes(to: Frame, types: TypeTable, at: number): readonly number[] {
  if (to.blockType === NO_TYPE) return [];
  if (to.blockType < 0) return to.kind === FRAME.loop ? [] : [~to.blockType];
  const type = types.at(to.blockType, at);
  return to.kind === FRAME.loop ? type.params : type.results;
}
