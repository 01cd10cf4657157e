import type { Reason, VersionRecord } from '../store/function-record.ts';
import { adviceOn } from './advice.ts';

/**
 * How a version's state moves; every step has its own revision.
 *
 *   created: Pending --> settled: Active, Successful <--> changed: Active, InProgress
 *   failed:  the module could not be built again after an upgrade; a code update leads out of it
 */
export type Step = Pick<VersionRecord, 'revisionId'> & Partial<Pick<VersionRecord, 'lastModified'>>;
type Content = Omit<VersionRecord, 'runs' | 'state' | 'stateReason' | 'lastUpdateStatus' | 'lastUpdateReason'>;

const CREATING: Reason = { code: 'Creating', text: 'The function is being created.' };

export function created(content: Content): VersionRecord {
  return { ...withoutState(content), state: 'Pending', stateReason: advised(content, CREATING) };
}

export function changed(content: Content): VersionRecord {
  return {
    ...withoutState(content),
    state: 'Active',
    ...activeReason(content),
    lastUpdateStatus: 'InProgress',
    lastUpdateReason: advised(content, CREATING),
  };
}

/** What runs is what ran while it was pending: whoever keeps state between invocations keeps it. */
export function settled(version: VersionRecord, step: Step): VersionRecord {
  return {
    ...withoutState(version),
    ...step,
    runs: version.runs ?? version.revisionId,
    state: 'Active',
    ...activeReason(version),
    lastUpdateStatus: 'Successful',
  };
}

export function failed(version: VersionRecord, step: Step, text: string): VersionRecord {
  return { ...withoutState(version), ...step, state: 'Failed', stateReason: { code: 'FunctionError', text } };
}

export function isSettled(version: VersionRecord): boolean {
  return version.state !== 'Pending' && version.lastUpdateStatus !== 'InProgress';
}

function withoutState(content: Content): Content {
  const { runs, state, stateReason, lastUpdateStatus, lastUpdateReason, ...rest } = content as VersionRecord;
  return rest;
}

function advised(content: Content, reason: Reason): Reason {
  const advice = adviceOn(content);
  return advice === undefined ? reason : { ...reason, text: `${reason.text} ${advice}` };
}

function activeReason(content: Content): { stateReason?: Reason } {
  const advice = adviceOn(content);
  return advice === undefined ? {} : { stateReason: { text: advice } };
}
