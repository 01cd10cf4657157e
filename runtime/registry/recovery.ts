import { randomUUID } from 'node:crypto';
import type { Observer } from '../contract/observer.ts';
import type { FunctionRecord, VersionRecord } from '../store/function-record.ts';
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
export async function recoverFunction(stored: FunctionRecord, deps: RecoveryDeps): Promise<FunctionRecord> {
  const latest = await recoverVersion(stored, deps);
  if (latest === stored.latest) return stored;
  await deps.store.updateVersion(stored, latest, stored.latest.revisionId);
  return { ...stored, latest };
}

async function recoverVersion(stored: FunctionRecord, deps: RecoveryDeps): Promise<VersionRecord> {
  const { latest } = stored;
  const step = { revisionId: randomUUID() };
  if (deps.artifacts.isCurrent(latest.code)) return isSettled(latest) ? latest : settled(latest, step);
  const arn = toFunctionArn(stored);
  deps.observer.noticed('info', `Building ${arn} again with the current rewriter.`);
  try {
    return settled({ ...latest, code: await deps.artifacts.rebuild(latest.code, latest) }, step);
  } catch (error) {
    const { message } = error as Error;
    deps.observer.noticed('error', `${arn} cannot be built: ${message}`);
    return failed(latest, step, message);
  }
}
