import { STREAM_STALL_MS } from '../contract/limits.ts';
import { type Deadline, deadlines } from '../dispatch/deadlines.ts';
import { type KeptBytes, keptAnswers } from './kept-bytes.ts';
import { whenOver } from './when-over.ts';
import type { Wire } from './wire.ts';

/** What a client may cost that does not take its answer. */
export interface AnswerPatience {
  readonly kept: KeptBytes;
  /** In milliseconds. */
  readonly stallMs: number;
  /** The slowest that a client may read on top of that, in bytes a second. */
  readonly bytesPerSecond: number;
}

const PATIENCE: AnswerPatience = { kept: keptAnswers, stallMs: STREAM_STALL_MS, bytesPerSecond: 64 * 1024 };

/**
 * For an answer that is written whole: gives up a client that has not taken it in time, or is behind when too much waits for all
 * of them together. Answers that the system took at once cost nothing here.
 */
export function awaitTaken(wire: Wire, { kept, stallMs, bytesPerSecond }: AnswerPatience = PATIENCE): void {
  const { outgoing } = wire;
  const bytes = outgoing.writableLength;
  if (bytes === 0) return;
  const { socket } = wire.incoming;
  if (kept.bytes + bytes > kept.most) {
    socket.destroy();
    return;
  }
  kept.bytes += bytes;
  let deadline: Deadline | undefined;
  const begin = (): void => {
    deadline = deadlines.after(stallMs + (bytes / bytesPerSecond) * 1_000, () => socket.destroy());
  };
  // Behind another answer it is not the client's turn.
  if (outgoing.socket) begin();
  else outgoing.once('socket', begin);
  whenOver(wire, () => {
    deadline?.cancel();
    kept.bytes -= bytes;
  });
}
