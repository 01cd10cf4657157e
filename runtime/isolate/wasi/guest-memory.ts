import { Errno, fail } from './errno.ts';

/**
 * Bounds-checked access to the guest's linear memory. Addresses and lengths come from the guest as i32 and are read as
 * unsigned; what lies outside fails with FAULT before anything is touched. WASI asks for no alignment here.
 */
export class GuestMemory {
  readonly #source: () => ArrayBuffer;
  #buffer: ArrayBuffer = new ArrayBuffer(0);
  #bytes: Uint8Array = new Uint8Array(this.#buffer);
  #view: DataView = new DataView(this.#buffer);

  constructor(source: () => ArrayBuffer) {
    this.#source = source;
  }

  /** Follows the memory when it has grown or was replaced; to be called when a guest's call begins. */
  refresh(): void {
    const buffer = this.#source();
    if (buffer === this.#buffer) return;
    this.#buffer = buffer;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  /** Fails unless all of the range lies in the memory; for results, checked before the call has any effect. */
  assertRange(address: number, length: number): void {
    if ((address >>> 0) + length > this.#bytes.length) fail(Errno.FAULT);
  }

  /** A view of the range, valid until the call ends. */
  bytes(address: number, length: number): Uint8Array {
    const start = address >>> 0;
    this.assertRange(start, length);
    return this.#bytes.subarray(start, start + length);
  }

  u8(address: number): number {
    this.assertRange(address, 1);
    return this.#view.getUint8(address >>> 0);
  }

  u16(address: number): number {
    this.assertRange(address, 2);
    return this.#view.getUint16(address >>> 0, true);
  }

  u32(address: number): number {
    this.assertRange(address, 4);
    return this.#view.getUint32(address >>> 0, true);
  }

  u64(address: number): bigint {
    this.assertRange(address, 8);
    return this.#view.getBigUint64(address >>> 0, true);
  }

  setU8(address: number, value: number): void {
    this.assertRange(address, 1);
    this.#view.setUint8(address >>> 0, value);
  }

  setU16(address: number, value: number): void {
    this.assertRange(address, 2);
    this.#view.setUint16(address >>> 0, value, true);
  }

  setU32(address: number, value: number): void {
    this.assertRange(address, 4);
    this.#view.setUint32(address >>> 0, value, true);
  }

  setU64(address: number, value: bigint): void {
    this.assertRange(address, 8);
    this.#view.setBigUint64(address >>> 0, value, true);
  }
}
