import type { Scope } from '../contract/scope.ts';
import type { RecursionAttachment } from '../store/attachment-record.ts';
import type { Attachments } from './attachments.ts';
import { LATEST, parseFunctionKey } from './function-name.ts';
import type { FunctionTable } from './function-table.ts';

export type RecursiveLoop = RecursionAttachment['recursiveLoop'];

export interface RecursionDeps {
  readonly attachments: Attachments;
  readonly functions: FunctionTable;
}

const KIND = 'recursion';

/** What happens to functions that invoke themselves in a circle. */
export class Recursion {
  readonly #deps: RecursionDeps;

  constructor(deps: RecursionDeps) {
    this.#deps = deps;
  }

  async put(scope: Scope, reference: string, recursiveLoop: RecursiveLoop): Promise<void> {
    const key = parseFunctionKey(scope, reference);
    await this.#deps.attachments.change(key, LATEST, KIND, () => ({ kind: KIND, recursiveLoop }));
  }

  /** `Terminate` where nothing was configured, as on AWS. */
  get(scope: Scope, reference: string): RecursiveLoop {
    const entry = this.#deps.functions.find(parseFunctionKey(scope, reference));
    return entry.attached.get(KIND, LATEST)?.recursiveLoop ?? 'Terminate';
  }
}
