import { hostEnv } from "./host";

/** The function's environment variables. Read them in the handler: initialisation sees none. */
export namespace env {
  /** The variable's value, or null when it is not set. */
  export function get(name: string): string | null {
    const key = String.UTF8.encode(name);
    const size = hostEnv(changetype<usize>(key), key.byteLength, 0, 0);
    if (size < 0) return null;
    const value = new ArrayBuffer(size);
    hostEnv(changetype<usize>(key), key.byteLength, changetype<usize>(value), size);
    return String.UTF8.decode(value);
  }

  /** The variable's value, or `fallback` when it is not set. */
  export function getOr(name: string, fallback: string): string {
    const value = get(name);
    return value === null ? fallback : value;
  }
}
