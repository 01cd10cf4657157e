import type { AttachmentKind, AttachmentOf } from '../store/attachment-record.ts';
import type { FunctionKey } from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import { functionNotFound } from './function-name.ts';
import type { Entry, FunctionTable } from './function-table.ts';

export interface AttachmentsDeps {
  readonly store: RegistryStore;
  readonly functions: FunctionTable;
}

/** Changes what is attached to functions: changes of one function run one after another, each stored before it is seen. */
export class Attachments {
  readonly #deps: AttachmentsDeps;

  constructor(deps: AttachmentsDeps) {
    this.#deps = deps;
  }

  /**
   * Replaces an attachment by what `change` makes of it and of the function as it stands: undefined stands for none,
   * before and after. What `change` throws is thrown here, and nothing has changed then; Lambda's error when the function
   * is gone.
   */
  change<Kind extends AttachmentKind, Changed extends AttachmentOf<Kind> | undefined>(
    key: FunctionKey,
    qualifier: string,
    kind: Kind,
    change: (current: AttachmentOf<Kind> | undefined, entry: Entry) => Changed,
  ): Promise<Changed> {
    return this.#deps.functions.inTurn(key, () => this.changeNow(key, qualifier, kind, change));
  }

  /** The same for a caller whose turn it is. */
  async changeNow<Kind extends AttachmentKind, Changed extends AttachmentOf<Kind> | undefined>(
    key: FunctionKey,
    qualifier: string,
    kind: Kind,
    change: (current: AttachmentOf<Kind> | undefined, entry: Entry) => Changed,
  ): Promise<Changed> {
    const { functions, store } = this.#deps;
    const entry = functions.find(key, qualifier);
    const current = entry.attached.get(kind, qualifier);
    const next = change(current, entry);
    if (next === current) return next;
    if (next === undefined) {
      await store.deleteAttachment(key, qualifier, kind);
      functions.detach(key, qualifier, kind);
    } else {
      if ((await store.putAttachment(key, qualifier, next)) === 'missing') throw functionNotFound(key, qualifier);
      functions.attach(key, { qualifier, attachment: next });
    }
    return next;
  }
}
