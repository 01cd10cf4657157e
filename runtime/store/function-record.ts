import type { Draw } from '../contract/artifact.ts';
import type { Cors } from '../contract/cors.ts';
import type { AttachedRecord } from './attachment-record.ts';

/** Records as the store keeps them: plain JSON values, no behaviour. Times are epoch milliseconds. */

/** Names a function: Lambda keeps state per account and region. */
export interface FunctionKey {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
}

export interface FunctionRecord extends FunctionKey {
  readonly tags: Readonly<Record<string, string>>;
  /** The version behind `$LATEST`; published versions are records of the same shape beside it. */
  readonly latest: VersionRecord;
}

/** A name for a version, or for two of them that share the calls. */
export interface AliasRecord extends FunctionKey {
  readonly alias: string;
  /** `$LATEST` or a version number. */
  readonly version: string;
  /** Share of the calls, 0 to 1, that further versions get. */
  readonly weights: Readonly<Record<string, number>>;
  readonly description: string;
  readonly revisionId: string;
}

/** A function with everything that belongs to it, as the store keeps it. */
export interface StoredFunction {
  readonly record: FunctionRecord;
  /** Published versions, oldest first. */
  readonly published: readonly VersionRecord[];
  /** The highest number ever given to a version; numbers are not given twice. */
  readonly lastPublished: number;
  /** By name. */
  readonly aliases: readonly AliasRecord[];
  /** By qualifier. */
  readonly urlConfigs: readonly UrlConfigRecord[];
  /** By qualifier and kind. */
  readonly attached: readonly AttachedRecord[];
}

export type FunctionState = 'Pending' | 'Active' | 'Failed';
export type UpdateStatus = 'InProgress' | 'Successful' | 'Failed';

/** Why a state or status is what it is, in Lambda's words. */
export interface Reason {
  readonly code?: string;
  readonly text: string;
}

/** Everything that a published version would freeze. */
export interface VersionRecord extends VersionSettings {
  /** `$LATEST` or a version number. */
  readonly version: string;
  /** UUID; changes at every transition. */
  readonly revisionId: string;
  /** The revision since which what runs is the same, where it has settled or a policy has changed since; absent when it is `revisionId`. */
  readonly runs?: string;
  readonly lastModified: number;
  readonly code: CodeRecord;
  readonly state: FunctionState;
  readonly stateReason?: Reason;
  readonly lastUpdateStatus?: UpdateStatus;
  readonly lastUpdateReason?: Reason;
}

/** What a client sets, defaults filled in. Units as in Lambda's API: seconds and MB. */
export interface VersionSettings {
  readonly role: string;
  readonly runtime: string;
  readonly handler: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly ephemeralStorageMb: number;
  readonly architecture: 'x86_64' | 'arm64';
  readonly environment?: Readonly<Record<string, string>>;
  readonly kmsKeyArn?: string;
  readonly deadLetterTargetArn?: string;
  readonly tracingMode: 'Active' | 'PassThrough';
  readonly snapStart: 'None' | 'PublishedVersions';
  readonly logging: LoggingRecord;
  /** Earlier ones lie below later ones; absent when there are none. */
  readonly layers?: readonly LayerUse[];
}

/** A layer version as a function keeps it, whatever becomes of the layer. */
export interface LayerUse {
  readonly arn: string;
  /** sha256 in hex of the layer's package, which names its blob. */
  readonly package: string;
  readonly packageBytes: number;
  /** What its files weigh together. */
  readonly unzippedBytes: number;
}

export interface LoggingRecord {
  readonly format: 'Text' | 'JSON';
  readonly applicationLevel?: string;
  readonly systemLevel?: string;
  readonly group: string;
}

/** The uploaded package, and what was built of it where something was. All hashes are sha256 in hex and name blobs. */
export type CodeRecord = PackageRecord | BuiltRecord;

export interface PackageRecord {
  readonly package: string;
  readonly packageBytes: number;
}

export interface BuiltRecord extends PackageRecord {
  /** Id of the rewritten module, as the builder named it. */
  readonly artifact: string;
  /** Which rewriter built it; another one means building again. */
  readonly rewriterVersion: string;
  /** Host functions whose answers the image repeats in every isolate; absent when there are none. */
  readonly draws?: readonly Draw[];
  /** JSON of the manifest. */
  readonly manifest: string;
  readonly module: string;
  /** The packed image; absent when the module has none. */
  readonly image?: string;
}

export interface UrlConfigRecord extends FunctionKey {
  /** The host label of the function's URL: unguessable, and the same for as long as the configuration lives. */
  readonly urlId: string;
  /** `$LATEST` or an alias. */
  readonly qualifier: string;
  readonly authType: 'NONE' | 'AWS_IAM';
  readonly invokeMode: 'BUFFERED' | 'RESPONSE_STREAM';
  readonly cors?: Cors;
  readonly createdAt: number;
  readonly modifiedAt: number;
}
