import { hostLog } from "./host";

function write(level: i32, message: string): void {
  const line = String.UTF8.encode(message);
  hostLog(level, changetype<usize>(line), line.byteLength);
}

/** One line each into the function's log. */
export namespace log {
  export function trace(message: string): void {
    write(0, message);
  }
  export function debug(message: string): void {
    write(1, message);
  }
  export function info(message: string): void {
    write(2, message);
  }
  export function warn(message: string): void {
    write(3, message);
  }
  export function error(message: string): void {
    write(4, message);
  }
  export function fatal(message: string): void {
    write(5, message);
  }
}
