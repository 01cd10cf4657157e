import { QueueError } from './queue-error.ts';

/** What a receipt handle says: which message, received for the how manieth time. */
export interface Receipt {
  readonly queueId: string;
  readonly id: number;
  readonly receives: number;
}

const HANDLE = /^([\w-]{1,32})~(\d{1,16})~(\d{1,10})$/;

export function toReceiptHandle({ queueId, id, receives }: Receipt): string {
  return Buffer.from(`${queueId}~${id}~${receives}`).toString('base64');
}

/** Throws a ReceiptHandleIsInvalid for what is no handle of this queue. */
export function parseReceiptHandle(handle: string, queueId: string): Receipt {
  const text = handle.length <= 128 ? Buffer.from(handle, 'base64').toString('latin1') : '';
  const found = HANDLE.exec(text);
  const isOurs = found?.[1] === queueId && Buffer.from(text).toString('base64') === handle;
  if (!isOurs)
    throw new QueueError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle.slice(0, 256)}" is not a valid receipt handle.`,
    );
  return { queueId, id: Number(found[2]), receives: Number(found[3]) };
}
