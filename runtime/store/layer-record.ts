/** A layer with its versions, as the store keeps it: plain JSON values. It stays when all of them are deleted. */
export interface LayerRecord {
  readonly name: string;
  /** The highest number ever given to a version; numbers are not given twice. */
  readonly lastVersion: number;
  /** Oldest first. */
  readonly versions: readonly LayerVersionRecord[];
}

export interface LayerVersionRecord {
  readonly version: number;
  readonly description: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** sha256 in hex of the package, which names its blob. */
  readonly package: string;
  readonly packageBytes: number;
  /** What its files weigh together. */
  readonly unzippedBytes: number;
  readonly runtimes?: readonly string[];
  readonly architectures?: readonly string[];
  readonly license?: string;
  /** Absent when nobody else may use it. */
  readonly policy?: LayerPolicy;
}

/** Who may use a layer version beside its own account. */
export interface LayerPolicy {
  /** UUID; changes with every change. */
  readonly revisionId: string;
  /** Never empty. */
  readonly statements: readonly LayerStatement[];
}

/** A statement in IAM's own form. */
export interface LayerStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*' | { readonly AWS: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: { readonly StringEquals: { readonly 'aws:PrincipalOrgID': string } };
}
