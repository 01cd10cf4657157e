import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Subject } from '../subject.ts';

/** A runtime that serves the subject: a POST of the event is answered with the result. */
export interface Site {
  readonly name: string;
  /** How what it does differs from what the others do. */
  readonly differs: string;
  readonly url: string;
  readonly pid: number;
  /** Where nothing of the call before is left. */
  readonly fresh?: string;
  /** Where the instance of the call before is used again. */
  readonly warm: string;
  /** The first answer of code that this runtime has not run before. */
  cold?(): Promise<unknown>;
  close(): Promise<void>;
}

/** A runtime that a user may have installed. */
export interface Peer {
  /** As `--peer` names it. */
  readonly name: string;
  /** Its package. */
  readonly package: string;
  /** Why it cannot serve this module; every module that the benches bring when absent. */
  cannotServe?(module: Uint8Array): string | undefined;
  /** `modules` resolves from the folder that the user named; `scratch` is for files of the run. */
  open(subject: Subject, modules: NodeJS.Require, scratch: string): Promise<Site>;
}

/** Resolves packages as a script in `folder` would. */
export function requireFrom(folder: string): NodeJS.Require {
  return createRequire(join(folder, 'from-here.js'));
}

export function isInstalled(peer: Peer, modules: NodeJS.Require): boolean {
  try {
    modules.resolve(peer.package);
    return true;
  } catch {
    return false;
  }
}

/** What to type for the peers that are not there; nothing when all are. */
export function toInstallHint(absent: readonly Peer[]): readonly string[] {
  if (absent.length === 0) return [];
  const install = `npm install --no-save ${absent.map((peer) => peer.package).join(' ')}`;
  return ['', `Not installed: ${absent.map(({ name }) => name).join(', ')}. Here, or where --modules says: ${install}`];
}
