const CALL_FUEL = 100;
const BYTES_PER_FUEL = 16;

/** Fuel of a host call that moves so many bytes. */
export function toCallFuel(bytes: number): number {
  return CALL_FUEL + Math.floor(bytes / BYTES_PER_FUEL);
}
