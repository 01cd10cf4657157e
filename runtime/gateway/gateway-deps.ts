import type { ApisPart } from '../apis/index.ts';
import type { Buckets } from '../buckets/index.ts';
import type { Buses } from '../buses/index.ts';
import type { Config } from '../config.ts';
import type { Enqueue } from '../contract/async-invocation.ts';
import type { Authorizer } from '../contract/authorizer.ts';
import type { Invoker } from '../contract/invoker.ts';
import type { Scope } from '../contract/scope.ts';
import type { Tracer } from '../contract/tracer.ts';
import type { Identities } from '../identity/index.ts';
import type { Logs } from '../logs/index.ts';
import type { Queues } from '../queues/index.ts';
import type { Topics } from '../topics/index.ts';
import type { Authenticate, CredentialLookup } from './auth/authenticator.ts';
import type { EarlyRefusalDeps } from './early-refusal.ts';
import type { Operation } from './lambda-api/operation.ts';
import type { Resolver } from './resolver.ts';

/** All that the gateway needs of the house. */
export interface GatewayDeps extends EarlyRefusalDeps {
  readonly config: Pick<Config, 'auth' | 'region' | 'accountId'> & Partial<Pick<Config, 's3WebhookToken'>>;
  /** The port of function URLs where they have one of their own. */
  readonly publicPort?: number | undefined;
  readonly registry: Resolver;
  readonly invoke: Invoker;
  /** Absent where nothing is traced. */
  readonly tracer?: Tracer | undefined;
  readonly enqueue: Enqueue;
  /** Every operation of the API but those that invoke, which have ways of their own; asked for when one is wanted. */
  readonly operations: () => Promise<readonly Operation[]>;
  readonly credentials: CredentialLookup;
  /** Who may do what. */
  readonly authorizer: Authorizer;
  /** Users, roles and policies, for the operations that change them. */
  readonly identities: () => Promise<Identities>;
  /** The queues, read when they are first asked for. */
  readonly queues: () => Promise<Queues>;
  /** Event buses and rules, read when they are first asked for. */
  readonly buses: () => Promise<Buses>;
  /** The buckets, the same. */
  readonly buckets: () => Promise<Buckets>;
  /** The log groups, read when they are first asked for. */
  readonly logs: () => Promise<Logs>;
  /** The same of topics. */
  readonly topics: () => Promise<Topics>;
  /** HTTP APIs and all that belongs to them, read when they are first asked for. */
  readonly apis: () => Promise<ApisPart>;
  /** The port that function URLs and HTTP APIs name. */
  readonly urlPort: number;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  /** False while the process cannot take invocations: it is starting, or draining. */
  readonly ready: () => boolean;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** How long a request body may take; a minute unless said otherwise. */
  readonly bodyTimeoutMs?: number;
}

/** The same, and what the gateway makes of it for its parts. */
export interface GatewayParts extends GatewayDeps {
  readonly resolver: Resolver;
  readonly authenticate: Authenticate;
  readonly bodyTimeoutMs: number;
  /** Where requests without a signature are. */
  readonly home: Scope;
}
