import { type HostAnswer, toHostAnswer } from '../../contract/host-call.ts';
import { KV_KEY_BYTES, KV_LIST_KEYS, KV_VALUE_BYTES } from '../../contract/limits.ts';
import type { KvChange, KvChanged, KvNamespace, KvStore } from '../../store/kv-store.ts';
import { CallError, invalid } from '../call-error.ts';
import type { Caller } from '../caller.ts';
import type { Capabilities, Request } from '../capability.ts';
import type { Grants } from '../grants.ts';
import type { Head } from '../head.ts';
import { ChangeLines } from './change-lines.ts';

/**
 * Durable values by key. The resource is `arn:isola:kv:{region}:{account}:{namespace}/{key}`, or `.../{prefix}` for a list;
 * the namespace is the function's name unless the call says another.
 */
export function createKv(store: KvStore, grants: Grants): Capabilities {
  const lines = new ChangeLines(store);
  const change = async (request: Request, kind: 'put' | 'delete'): Promise<HostAnswer> => {
    const { head, body, caller } = request;
    const [at, key] = [namespaceOf(head, caller), keyOf(head)];
    if (kind === 'put' && body.byteLength > KV_VALUE_BYTES)
      throw invalid(`A value has at most ${KV_VALUE_BYTES} bytes.`);
    await grants.demand(caller, kind === 'put' ? 'isola:KvPut' : 'isola:KvDelete', toKvArn(at, key));
    const ifVersion = head.optionalInteger('ifVersion', { min: 0, max: Number.MAX_SAFE_INTEGER });
    const condition = ifVersion === undefined ? {} : { ifVersion };
    const wanted: KvChange =
      kind === 'put' ? { kind, at, key, value: body, ...condition } : { kind, at, key, ...condition };
    return toAnswer(await lines.apply(caller.arn, wanted));
  };
  return {
    async 'kv.get'({ head, caller }) {
      const [at, key] = [namespaceOf(head, caller), keyOf(head)];
      await grants.demand(caller, 'isola:KvGet', toKvArn(at, key));
      const entry = await store.get(at, key);
      return entry ? toHostAnswer({ version: entry.version }, entry.value) : toHostAnswer({ version: 0 });
    },
    'kv.put': (request) => change(request, 'put'),
    'kv.delete': (request) => change(request, 'delete'),
    async 'kv.list'({ head, caller }) {
      const at = namespaceOf(head, caller);
      const prefix = boundedText(head, 'prefix') ?? '';
      const after = boundedText(head, 'after') ?? '';
      const limit = head.optionalInteger('limit', { min: 1, max: KV_LIST_KEYS }) ?? KV_LIST_KEYS;
      await grants.demand(caller, 'isola:KvList', toKvArn(at, prefix));
      const keys = await store.list(at, { prefix, after, limit: limit + 1 });
      const page = keys.slice(0, limit);
      return toHostAnswer({ keys: page, ...(keys.length > limit ? { next: page.at(-1)?.key } : {}) });
    },
  };
}

function toKvArn({ region, accountId, namespace }: KvNamespace, key: string): string {
  return `arn:isola:kv:${region}:${accountId}:${namespace}/${key}`;
}

function toAnswer(changed: KvChanged): HostAnswer {
  if (changed.kind === 'full') {
    const where = changed.limit === 'namespace' ? 'namespace' : 'account in this region';
    throw new CallError('LimitExceeded', `The ${where} has no room for this value.`);
  }
  const { version } = changed;
  return toHostAnswer({
    done: changed.kind === 'changed',
    version,
    ...('existed' in changed ? { existed: changed.existed } : {}),
  });
}

function namespaceOf(head: Head, { accountId, region, name }: Caller): KvNamespace {
  const namespace = head.optionalText('namespace') ?? name;
  if (!/^[a-zA-Z0-9-_]{1,64}$/.test(namespace)) {
    throw invalid('A namespace has at most 64 letters, digits, hyphens and underscores.');
  }
  return { accountId, region, namespace };
}

function keyOf(head: Head): string {
  const key = boundedText(head, 'key');
  if (!key) throw invalid('"key" is missing.');
  return key;
}

function boundedText(head: Head, name: string): string | undefined {
  const text = head.optionalText(name);
  if (text !== undefined && Buffer.byteLength(text) > KV_KEY_BYTES)
    throw invalid(`"${name}" has at most ${KV_KEY_BYTES} bytes.`);
  return text;
}
