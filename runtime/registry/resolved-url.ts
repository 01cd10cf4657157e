import type { Cors } from '../contract/cors.ts';
import type { FunctionVersion } from '../contract/function-version.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import type { Scope } from '../contract/scope.ts';
import type { Openness } from '../store/attachment-record.ts';
import type { UrlConfigRecord } from '../store/function-record.ts';
import { LATEST, toFunctionArn } from './function-name.ts';
import type { FunctionTable } from './function-table.ts';

/** A function URL's target, as the public gateway needs it. */
export interface ResolvedUrl {
  /** The first label of the URL's host. */
  readonly urlId: string;
  readonly scope: Scope;
  readonly target: FunctionVersion;
  readonly authType: UrlConfigRecord['authType'];
  readonly invokeMode: UrlConfigRecord['invokeMode'];
  readonly cors: Cors | undefined;
  /** Whether anyone may call it, if its AuthType is NONE. */
  readonly isPublic: Openness;
  /** The ARN by which policies mean it: the function's, or the alias's. */
  readonly resource: string;
  /** What the policy of the function, or of the alias, says of callers. */
  readonly policy: PolicyDocument | undefined;
  readonly config: UrlConfigRecord;
}

/** Undefined where there is no configuration, or nothing that it leads to. `draw`: for an alias that shares calls out, from 0 up to 1. */
export function toResolvedUrl(
  config: UrlConfigRecord | undefined,
  functions: FunctionTable,
  draw: number,
): ResolvedUrl | undefined {
  const entry = config && functions.get(config);
  const selected = entry && functions.selectIn(entry, config.qualifier, draw);
  if (config === undefined || selected === undefined) return undefined;
  const scope = { region: config.region, accountId: config.accountId };
  const { urlId, authType, invokeMode, cors } = config;
  const policy = entry?.attached.get('policy', config.qualifier);
  const resource = toFunctionArn(config, config.qualifier === LATEST ? undefined : config.qualifier);
  const access = { isPublic: policy?.isPublic ?? false, policy: policy?.document, resource };
  return { urlId, scope, target: selected.version, authType, invokeMode, cors, config, ...access };
}
