/** Identities as the store keeps them. Plain JSON values; times are epoch milliseconds, policies JSON text as it was given. */
export interface IdentityRecord {
  readonly name: string;
  /** `/`, or names between slashes. */
  readonly path: string;
  /** Unique for all times, such as `AROA...`. */
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Whoever has policies: inline ones by name, managed ones by ARN in the order in which they were attached. */
export interface PolicyHolder extends IdentityRecord {
  readonly inline: Readonly<Record<string, string>>;
  readonly attached: readonly string[];
}

export interface RoleRecord extends PolicyHolder {
  readonly description: string | undefined;
  readonly maxSessionSeconds: number;
  /** The trust policy: who may take the role on. */
  readonly trust: string;
}

export interface UserRecord extends PolicyHolder {
  readonly keys: readonly AccessKeyRecord[];
}

export interface AccessKeyRecord {
  readonly accessKeyId: string;
  /** As the cipher sealed it. */
  readonly secret: string;
  readonly status: 'Active' | 'Inactive';
  readonly createdAt: number;
}

export interface PolicyRecord extends IdentityRecord {
  readonly description: string | undefined;
  readonly updatedAt: number;
  /** Oldest first; never empty. */
  readonly versions: readonly PolicyVersionRecord[];
  readonly defaultVersion: string;
}

export interface PolicyVersionRecord {
  /** `v1`, `v2`, ...: a number is given once. */
  readonly id: string;
  readonly document: string;
  readonly createdAt: number;
}
