/**
 * What is configured for a function or for one of its qualifiers, beside its versions and aliases. It goes with the
 * function, and with the version or alias that it is attached to. Plain JSON values; times are epoch milliseconds.
 */
export type Attachment = ProvisionedAttachment;

/** Isolates of a version, or of the one that an alias leads to, that are to be kept restored. */
export interface ProvisionedAttachment {
  readonly kind: 'provisioned';
  readonly requested: number;
  readonly modifiedAt: number;
}

export type AttachmentKind = Attachment['kind'];
export type AttachmentOf<Kind extends AttachmentKind> = Extract<Attachment, { readonly kind: Kind }>;

/** An attachment and what it is attached to: an alias, a version number, or `$LATEST` for the function itself. */
export interface AttachedRecord {
  readonly qualifier: string;
  readonly attachment: Attachment;
}
