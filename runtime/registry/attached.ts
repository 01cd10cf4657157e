import type { AttachedRecord, AttachmentKind, AttachmentOf } from '../store/attachment-record.ts';

/** What is attached to a function and its qualifiers, one of a kind to each; immutable. */
export class Attached {
  static readonly NOTHING: Attached = new Attached([]);
  readonly #records: readonly AttachedRecord[];

  constructor(records: readonly AttachedRecord[]) {
    this.#records = records;
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  get<Kind extends AttachmentKind>(kind: Kind, qualifier: string): AttachmentOf<Kind> | undefined {
    const found = this.#records.find((each) => each.qualifier === qualifier && each.attachment.kind === kind);
    return found?.attachment as AttachmentOf<Kind> | undefined;
  }

  /** Those of a kind, by qualifier. */
  list<Kind extends AttachmentKind>(kind: Kind): readonly { qualifier: string; attachment: AttachmentOf<Kind> }[] {
    return this.#records
      .filter((each): each is { qualifier: string; attachment: AttachmentOf<Kind> } => each.attachment.kind === kind)
      .sort((a, b) => (a.qualifier < b.qualifier ? -1 : 1));
  }

  with({ qualifier, attachment }: AttachedRecord): Attached {
    return new Attached([...this.without(qualifier, attachment.kind).#records, { qualifier, attachment }]);
  }

  /** Without what is attached to a qualifier; of one kind alone, if it is given. */
  without(qualifier: string, kind?: AttachmentKind): Attached {
    const goes = (each: AttachedRecord): boolean =>
      each.qualifier === qualifier && (kind ?? each.attachment.kind) === each.attachment.kind;
    return this.#records.some(goes) ? new Attached(this.#records.filter((each) => !goes(each))) : this;
  }
}
