/** What building depends on beside the module. */
export interface BuildOptions {
  readonly memoryMb: number;
  readonly handler: string;
  /** The package's files, for guests that can read some; none when absent. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  /** Its layers' files, likewise. */
  readonly layers?: ReadonlyMap<string, Uint8Array>;
  /** An event, as JSON, that the handler is given once before the image is taken; its failure refuses the module. */
  readonly warmUp?: string;
  /** How long initialisation may take before it is left to the invocations, in milliseconds; Lambda's ten seconds when absent. */
  readonly initTimeoutMs?: number;
}
