import { randomUUID } from 'node:crypto';
import type { Observer } from '../contract/observer.ts';
import type { FunctionKey, StoredFunction, VersionRecord } from '../store/function-record.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import type { Artifacts } from './artifacts.ts';
import { toFunctionArn } from './function-name.ts';
import { failed, isSettled, settled } from './version-state.ts';

export interface RecoveryDeps {
  readonly store: RegistryStore;
  readonly observer: Observer;
  readonly artifacts: Artifacts;
}

/** A stored function as it should stand when the process starts: settled, and built by the current rewriter or failed. */
export async function recoverFunction(stored: StoredFunction, deps: RecoveryDeps): Promise<StoredFunction> {
  const recover = async (version: VersionRecord): Promise<VersionRecord> => {
    const recovered = await recoverVersion(stored.record, version, deps);
    if (recovered !== version) await deps.store.updateVersion(stored.record, recovered, version.revisionId);
    return recovered;
  };
  const latest = await recover(stored.record.latest);
  const published: VersionRecord[] = [];
  for (const version of stored.published) published.push(await recover(version));
  return { ...stored, record: { ...stored.record, latest }, published };
}

async function recoverVersion(key: FunctionKey, version: VersionRecord, deps: RecoveryDeps): Promise<VersionRecord> {
  const step = { revisionId: randomUUID() };
  if (deps.artifacts.isCurrent(version.code, version)) return isSettled(version) ? version : settled(version, step);
  const arn = toFunctionArn(key, version.version);
  deps.observer.noticed('info', `Building ${arn} again with the current rewriter.`);
  try {
    return settled({ ...version, code: await deps.artifacts.rebuild(version.code, version) }, step);
  } catch (error) {
    const { message } = error as Error;
    deps.observer.noticed('error', `${arn} cannot be built: ${message}`);
    return failed(version, step, message);
  }
}
