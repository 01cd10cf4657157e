/** What building depends on beside the module. */
export interface BuildOptions {
  readonly memoryMb: number;
  readonly handler: string;
  /** How long initialisation may take before it is left to the invocations, in milliseconds; Lambda's ten seconds when absent. */
  readonly initTimeoutMs?: number;
}
