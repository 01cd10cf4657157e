import type { IncomingMessage } from 'node:http';
import type { Config } from '../config.ts';
import type { Scope } from '../contract/scope.ts';
import { parseUrlHost } from '../gateway/public/url-host.ts';
import { parseUrlPath } from '../gateway/public/url-path.ts';
import { isSignedForS3 } from '../gateway/s3-requests.ts';
import type { FunctionView } from './function-view.ts';
import type { Questions } from './questions.ts';

/** Whether a front serves a request itself, or passes it on. */
export type Choice = 'here' | 'keeper';

/** Which port a request came in by: the API's, or that of function URLs alone. */
export type Door = 'api' | 'public';

export interface ChooseDeps {
  readonly config: Pick<Config, 'auth' | 'region' | 'accountId'>;
  readonly view: FunctionView;
  readonly rootKeyId: string;
  /** True when function URLs have a port of their own. */
  readonly hasPublicPort: boolean;
}

const INVOKE =
  /^\/(?:2015-03-31\/functions\/([^/?]{1,512})\/invocations|2021-11-15\/functions\/([^/?]{1,512})\/response-streaming-invocations)(?:\?(.*))?$/s;
const CREDENTIAL = /^AWS4-HMAC-SHA256 .*?Credential=([^/\s,]+)\/\d{8}\/([a-z0-9-]{1,64})\//;

/**
 * A front serves what root invokes and waits for, and function URLs that are open to everyone, where their calls need no
 * counting in one place. All the rest is the keeper's: whatever changes something, is for later, or needs a policy.
 */
export function createChoose(deps: ChooseDeps): (incoming: IncomingMessage, door: Door) => Choice | Promise<Choice> {
  const { config, view, hasPublicPort } = deps;
  const home: Scope = { region: config.region, accountId: config.accountId };

  return (incoming, door) => {
    const { url = '/', headers, method } = incoming;
    if (door === 'api' && url === '/healthz') return 'here';
    if (isSignedForS3(headers.authorization)) return 'keeper';
    const question = door === 'api' && hasPublicPort ? undefined : toUrlQuestion(url, headers.host, home);
    if (question !== undefined) return chooseUrl(question);
    if (door === 'public' || method !== 'POST') return 'keeper';
    const invoke = INVOKE.exec(url);
    const type = headers['x-amz-invocation-type'];
    if (!invoke || (type !== undefined && type !== 'RequestResponse')) return 'keeper';
    const region = regionOfRoot(headers.authorization);
    const name = decode(invoke[1] ?? invoke[2] ?? '');
    const qualifier = toQualifier(invoke[3]);
    if (region === undefined || name === undefined || qualifier === 'unclear') return 'keeper';
    return settle(view.findFunction({ region, accountId: config.accountId }, name, qualifier.value), isAnyones);
  };

  function chooseUrl(question: Questions['url']['question']): Choice | Promise<Choice> {
    return settle(
      view.findUrl(question),
      (known) => isAnyones(known) && known?.url?.authType === 'NONE' && known.url.isPublic === true,
    );
  }

  /** The region that root signed for; undefined when someone else did, or in a way that is rare. */
  function regionOfRoot(authorization: string | undefined): string | undefined {
    if (config.auth === 'off' && authorization === undefined) return config.region;
    const [, keyId, region] = CREDENTIAL.exec(authorization ?? '') ?? [];
    return config.auth === 'off' || keyId === deps.rootKeyId ? region : undefined;
  }
}

/** What cannot be found out is the keeper's to answer. */
function settle<T>(found: T | Promise<T>, isHere: (found: T) => boolean): Choice | Promise<Choice> {
  const choose = (known: T): Choice => (isHere(known) ? 'here' : 'keeper');
  if (!(found instanceof Promise)) return choose(found);
  return found.then(choose, () => 'keeper');
}

function isAnyones(target: { readonly isAnyones: boolean } | undefined): boolean {
  return target?.isAnyones === true;
}

function toUrlQuestion(url: string, host: string | undefined, home: Scope): Questions['url']['question'] | undefined {
  const byHost = parseUrlHost(host);
  if (byHost) return { urlId: byHost.urlId };
  if (!url.startsWith('/url/')) return undefined;
  const path = parseUrlPath(url.split('?', 1)[0] as string);
  return path && { scope: home, name: path.functionName, qualifier: path.qualifier };
}

function toQualifier(query: string | undefined): { readonly value: string | undefined } | 'unclear' {
  if (!query) return { value: undefined };
  const value = decode(/^Qualifier=([^&+]{1,512})$/.exec(query)?.[1]);
  return value === undefined ? 'unclear' : { value };
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
