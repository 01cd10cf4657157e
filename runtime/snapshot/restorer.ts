/**
 * Brings one image back into memories of exactly its size. Both ways leave every byte equal to the image, whatever the
 * memory held before; neither can be seen by the guest.
 */
export interface Restorer {
  readonly pages: number;
  /** Fills a memory that comes from anywhere. */
  restore(memory: WebAssembly.Memory): void;
  /** Refills a memory that this restorer filled before. */
  reset(memory: WebAssembly.Memory): void;
  /** Lets go of the image in a memory that may hold it and that nobody uses; what the memory holds then is anything. */
  release(memory: WebAssembly.Memory): void;
}
