import type { LoadedArtifact } from '../contract/artifact.ts';
import type { FunctionLines } from '../contract/function-lines.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { HostAnswer, HostRequest } from '../contract/host-call.ts';
import type { Invocation } from '../contract/invocation.ts';
import type { Scope } from '../contract/scope.ts';
import type { FunctionUsage } from '../contract/usage.ts';
import type { RootKey, UrlTarget } from '../gateway/index.ts';

/** What a front asks of the keeper, and what it is answered. */
export interface Questions {
  readonly hello: { readonly question: Record<string, never>; readonly answer: { readonly rootKey: RootKey } };
  readonly function: {
    readonly question: { readonly scope: Scope; readonly name: string; readonly qualifier: string | undefined };
    readonly answer: Target;
  };
  /** By id, or by the function of the configured region and account. */
  readonly url: {
    readonly question:
      | { readonly urlId: string }
      | { readonly scope: Scope; readonly name: string; readonly qualifier: string | undefined };
    /** Undefined when there is none. */
    readonly answer: (Target & { readonly url: UrlTarget }) | undefined;
  };
  readonly load: { readonly question: FunctionVersion; readonly answer: LoadedArtifact };
  /** What functions used in a front, to be kept. */
  readonly usage: {
    readonly question: { readonly usage: readonly FunctionUsage[] };
    readonly answer: Record<string, never>;
  };
  /** What functions left in the log in a front, to be kept. */
  readonly lines: {
    readonly question: { readonly lines: readonly FunctionLines[] };
    readonly answer: Record<string, never>;
  };
  readonly call: { readonly question: GuestCall; readonly answer: HostAnswer };
}

/** Which version a name leads to, and what a front needs to run it. */
export interface Target {
  readonly version: FunctionVersion;
  /** False when the keeper alone may run it: its calls are counted or drawn there. */
  readonly isAnyones: boolean;
  /** May its lines be written to the log? */
  readonly mayLog: boolean;
  /** What the functions of its account and region have reserved together. */
  readonly reserved: number;
}

export interface GuestCall extends HostRequest {
  /** Names the call in what is told of it. */
  readonly id: number;
  readonly invocation: Invocation;
}

/** What a front tells the keeper. */
export interface FrontNews {
  /** Nobody waits for a guest's call any more. */
  readonly ended: { readonly id: number };
}

/** What the keeper tells a front. */
export interface KeeperNews {
  /** A guest's call is going to take long. */
  readonly park: { readonly id: number };
  /** No function runs this image any more. */
  readonly forget: { readonly image: string };
}
