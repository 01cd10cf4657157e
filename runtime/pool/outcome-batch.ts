import type { ColdStart, Outcome, Succeeded } from '../contract/outcome.ts';
import { packBytes, unpackBytes } from './packed-bytes.ts';

/** How a job ended. */
export interface EndedJob {
  readonly id: number;
  readonly outcome: Outcome;
}

/** A success without its payload. */
type SuccessRow = readonly [
  id: number,
  log: string,
  durationMs: number,
  fuel: number,
  maxMemoryBytes: number,
  queueMs: number,
  cold: ColdStart | undefined,
  heldUpMs: number | undefined,
];

/** Outcomes in one message, packed as jobs are; those that are no success, which are few, as they are. */
export interface OutcomeBatch {
  readonly successes: readonly SuccessRow[];
  readonly lengths: readonly number[];
  readonly payloads: Uint8Array;
  readonly others: readonly EndedJob[];
}

export function packOutcomes(ended: readonly EndedJob[]): OutcomeBatch {
  const successes: SuccessRow[] = [];
  const payloads: Uint8Array[] = [];
  const others: EndedJob[] = [];
  for (const job of ended) {
    if (job.outcome.kind !== 'succeeded') others.push(job);
    else {
      successes.push(toRow(job.id, job.outcome));
      payloads.push(job.outcome.payload);
    }
  }
  const { bytes, lengths } = packBytes(payloads);
  return { successes, lengths, payloads: bytes, others };
}

export function unpackOutcomes({ successes, lengths, payloads, others }: OutcomeBatch): readonly EndedJob[] {
  const unpacked = unpackBytes(payloads, lengths);
  const ended = successes.map((row, index) => toSuccess(row, unpacked[index] as Uint8Array));
  return others.length === 0 ? ended : [...ended, ...others];
}

function toRow(id: number, { log, report }: Succeeded): SuccessRow {
  const { durationMs, fuel, maxMemoryBytes, queueMs, cold, heldUpMs } = report;
  return [id, log, durationMs, fuel, maxMemoryBytes, queueMs, cold, heldUpMs];
}

function toSuccess(row: SuccessRow, payload: Uint8Array): EndedJob {
  const [id, log, durationMs, fuel, maxMemoryBytes, queueMs, cold, heldUpMs] = row;
  const ran = { durationMs, fuel, maxMemoryBytes, queueMs };
  const isPlain = cold === undefined && heldUpMs === undefined;
  const report = isPlain ? ran : { ...ran, ...(cold && { cold }), ...(heldUpMs && { heldUpMs }) };
  return { id, outcome: { kind: 'succeeded', payload, report, log } };
}
