import type { MessageHead, MessageProgress } from '../store/message-store.ts';

/** Where a message is: hidden since it was sent, to be had, received and hidden, or no longer in the queue. */
export type MessageState = 'delayed' | 'ready' | 'in-flight' | 'gone';

/** A message in memory: small, because there may be many. What it says stays on disk until it is received. */
export class Message {
  readonly id: number;
  readonly bytes: number;
  readonly sentAt: number;
  readonly groupId: string | undefined;
  receives: number;
  firstReceivedAt: number;
  visibleAt: number;
  state: MessageState;

  constructor(head: MessageHead, now: number) {
    this.id = head.id;
    this.bytes = head.bytes;
    this.sentAt = head.sentAt;
    this.groupId = head.groupId;
    this.receives = head.receives;
    this.firstReceivedAt = head.firstReceivedAt;
    this.visibleAt = head.visibleAt;
    const hidden = head.receives > 0 ? 'in-flight' : 'delayed';
    this.state = head.visibleAt > now ? hidden : 'ready';
  }

  get progress(): MessageProgress {
    const { id, receives, firstReceivedAt, visibleAt } = this;
    return { id, receives, firstReceivedAt, visibleAt };
  }
}
