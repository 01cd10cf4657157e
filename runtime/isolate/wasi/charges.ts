/**
 * What the host's work costs in fuel. V8 burns about 1,000 units of guest code in a microsecond, and the prices follow the
 * time the work was measured to take, so that a guest gains no time by letting the host work.
 */

/** Every call, whatever it does. */
export const CALL_FUEL = 600;
/** One name of a path looked up. */
export const LOOKUP_FUEL = 100;
/** One byte of a path or of a symbolic link's target taken apart. */
export const PATH_BYTE_FUEL = 10;
/** One directory entry, buffer, subscription, argument or block looked at. */
export const ENTRY_FUEL = 100;
/** One directory entry written out to the guest. */
export const LISTING_FUEL = 400;
/** A directory entry, inode or descriptor made. */
export const CREATE_FUEL = 500;

const BYTES_PER_UNIT = 8;

/** Fuel for so many bytes copied, cleared or dropped. */
export const toByteFuel = (bytes: number): number => Math.ceil(bytes / BYTES_PER_UNIT);
