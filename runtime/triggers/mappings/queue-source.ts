import type { SqsMessage } from '../../events/sqs.ts';

export interface ReceiveWish {
  /** One to ten. */
  readonly most: number;
  /** How long to wait for a first message, in milliseconds; 20,000 at the most. */
  readonly waitMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

export interface ReceivedMessages {
  readonly messages: readonly SqsMessage[];
  /** How long nobody else receives them, in milliseconds from now. */
  readonly hiddenMs: number;
}

/**
 * A queue that a mapping reads: what is received is hidden from others for a while, and comes again unless it is deleted. Methods
 * reject when the queue cannot be reached, or does not exist; another try may succeed.
 */
export interface QueueSource {
  receive(wish: ReceiveWish): Promise<ReceivedMessages>;
  /** Resolves when they are gone for good, but for those that somebody else has received meanwhile. */
  delete(messages: readonly SqsMessage[]): Promise<void>;
  /** Hides them for so long from now; those that somebody else has are left to them. */
  hide(messages: readonly SqsMessage[], milliseconds: number): Promise<void>;
  close(): void;
}
