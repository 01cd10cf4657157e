/** Where a resource lives: Lambda keeps every resource per region and account. */
export interface Scope {
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
}
