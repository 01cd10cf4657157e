/** Something that a function's project asks leave for; action and resource as in IAM's policies. */
export interface Grant {
  readonly action: string | readonly string[];
  readonly resource: string | readonly string[];
}
