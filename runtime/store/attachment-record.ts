import type { PolicyDocument, PolicyStatement } from '../contract/policy-document.ts';

/**
 * What is configured for a function or for one of its qualifiers, beside its versions and aliases. It goes with the
 * function, and with the version or alias that it is attached to. Plain JSON values; times are epoch milliseconds.
 */
export type Attachment =
  | PolicyAttachment
  | ProvisionedAttachment
  | ReservedConcurrencyAttachment
  | EventInvokeAttachment
  | RuntimeManagementAttachment
  | RecursionAttachment;

/** Who may call the function, or what a qualifier of it leads to. */
export interface PolicyAttachment {
  readonly kind: 'policy';
  readonly document: FunctionPolicy;
  readonly isPublic: Openness;
}

/**
 * Whether anyone may call a function URL: decided when its policy changes, so that no visit has to. `depends` where the
 * policy looks at the request.
 */
export type Openness = boolean | 'depends';

/** Statements one after another. Members stand in Lambda's order, as clients compare the texts. */
export interface FunctionPolicy extends PolicyDocument {
  readonly Statement: readonly PolicyStatement[];
}

/** Isolates of a version, or of the one that an alias leads to, that are to be kept restored. */
export interface ProvisionedAttachment {
  readonly kind: 'provisioned';
  readonly requested: number;
  readonly modifiedAt: number;
}

/** Invocations of the function, all versions together, that may run at a time, and for which there is room. */
export interface ReservedConcurrencyAttachment {
  readonly kind: 'reserved-concurrency';
  readonly reserved: number;
}

/** How asynchronous invocations of a qualifier are tried again, and where their ends are told. */
export interface EventInvokeAttachment {
  readonly kind: 'event-invoke';
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeSeconds?: number;
  /** ARNs. */
  readonly onSuccess?: string;
  readonly onFailure?: string;
  readonly modifiedAt: number;
}

/** When a version's runtime is to be updated, which here is never. */
export interface RuntimeManagementAttachment {
  readonly kind: 'runtime-management';
  readonly updateRuntimeOn: 'Auto' | 'FunctionUpdate' | 'Manual';
  readonly runtimeVersionArn?: string;
}

/** What happens to a function that invokes itself in a circle. */
export interface RecursionAttachment {
  readonly kind: 'recursion';
  readonly recursiveLoop: 'Allow' | 'Terminate';
}

export type AttachmentKind = Attachment['kind'];
export type AttachmentOf<Kind extends AttachmentKind> = Extract<Attachment, { readonly kind: Kind }>;

/** An attachment and what it is attached to: an alias, a version number, or `$LATEST` for the function itself. */
export interface AttachedRecord {
  readonly qualifier: string;
  readonly attachment: Attachment;
}
