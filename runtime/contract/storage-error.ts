/**
 * full: there is no room on the disk. failed: it could not be written. stopped: whoever writes has ended on the way, and it is
 * not known whether the change was made; for the others it was not.
 */
export type StorageTrouble = 'full' | 'failed' | 'stopped';

const SENTENCES: Readonly<Record<StorageTrouble, string>> = {
  full: 'There is no room on the disk: nothing was changed.',
  failed: 'The disk cannot be written: nothing was changed.',
  stopped: 'Writing was interrupted: look before trying again.',
};

/** Something was not made durable, for no fault of the caller. The message is for callers, `cause` for the operator. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly trouble: StorageTrouble;

  constructor(trouble: StorageTrouble, cause: string) {
    super(SENTENCES[trouble], { cause });
    this.trouble = trouble;
  }
}
