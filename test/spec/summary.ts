import type { Comparison } from './compare.ts';

/** Adds up what scripts gave, for the line that a run ends with. */
export class Summary {
  #scripts = 0;
  readonly #sums = { commands: 0, unassembled: 0, lacking: 0, equal: 0, refused: 0, different: 0 };
  readonly #refused = new Map<string, number>();

  add({ commands, unassembled, lacking, equal, refused, differences }: Comparison): void {
    this.#scripts++;
    const sums = this.#sums;
    sums.commands += commands;
    sums.unassembled += unassembled.length;
    sums.lacking += lacking.length;
    sums.equal += equal;
    sums.different += differences.length;
    for (const [what, count] of refused) {
      sums.refused += count;
      this.#refused.set(what, (this.#refused.get(what) ?? 0) + count);
    }
  }

  get text(): string {
    const { commands, unassembled, lacking, equal, refused, different } = this.#sums;
    const passed = equal + refused + different;
    return [
      `Node ${process.versions.node}: ${this.#scripts} scripts, ${commands} commands, ${unassembled} not assembled, ` +
        `${lacking} not as said on the engine alone, ${passed} as said: ${equal} equal, ${refused} refused, ` +
        `${different} different`,
      ...[...this.#refused].sort(([, a], [, b]) => b - a).map(([what, count]) => `  refused ${count}: ${what}`),
    ].join('\n');
  }
}
