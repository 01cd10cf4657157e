import type { Writer } from '../format/writer.ts';

/** Section of the branch hinting proposal; engines without it pass over it. */
const NAME = 'metadata.code.branch_hint';

/** Tells the engine that fuel rarely runs out. Stands right before the code section. */
export function writeBranchHints(out: Writer, hints: readonly (readonly number[])[], importedFunctions: number): void {
  const hinted = hints.reduce((sum, list) => sum + (list.length > 0 ? 1 : 0), 0);
  if (hinted === 0) return;
  out.section(0, (content) => {
    content.name(NAME);
    content.u32(hinted);
    hints.forEach((list, index) => {
      if (list.length === 0) return;
      content.u32(importedFunctions + index);
      content.u32(list.length / 2);
      for (let at = 0; at < list.length; at += 2) {
        content.u32(list[at]!);
        content.u32(1);
        content.byte(list[at + 1]!);
      }
    });
  });
}
