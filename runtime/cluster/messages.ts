import type { Config } from '../config.ts';
import type { DeployedFunction } from '../service.ts';

/** The keeper has the data directory; fronts have a view of the functions. */
export type Role = 'keeper' | 'front';

/** What the supervisor tells a process. */
export type ToMember =
  | { readonly kind: 'start'; readonly role: Role; readonly config: Config }
  | { readonly kind: 'functions'; readonly id: number; readonly limit: number }
  /** Finish what was let in, refuse the rest, and end. */
  | { readonly kind: 'stop' };

/** What a process tells the supervisor. */
export type FromMember =
  /** It listens to what it is told. */
  | { readonly kind: 'up' }
  | {
      readonly kind: 'ready';
      readonly url: string;
      readonly publicUrl: string;
      readonly dataDir: string;
      readonly credentialsFile: string;
    }
  | { readonly kind: 'failed'; readonly error: StartError }
  | { readonly kind: 'functions'; readonly id: number; readonly functions: readonly DeployedFunction[] };

/** Why a process could not start, with what the system said of it. */
export interface StartError {
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly syscall?: string | undefined;
  readonly port?: number | undefined;
}

/** A process's part of what the settings allow all of them together. */
export function toPart(config: Config): Config {
  const part = (count: number): number => Math.ceil(count / config.processes);
  return {
    ...config,
    threads: part(config.threads),
    waiting: part(config.waiting),
    queuePerFunction: part(config.queuePerFunction),
    connections: part(config.connections),
    isolates: part(config.isolates),
    cacheMb: part(config.cacheMb),
  };
}

/** How much of what an account shares is a process's part: fronts have the same, the keeper what is left over. */
export function toShare(role: Role, processes: number): (count: number) => number {
  const part = (count: number): number => Math.max(0, Math.floor(count / processes));
  return role === 'front' ? part : (count) => count - (processes - 1) * part(count);
}
