import { REQUESTS_KEPT_BYTES, STREAMS_KEPT_BYTES } from '../contract/limits.ts';

/** Bytes that are kept for clients together, of one kind, and how many may be. */
export interface KeptBytes {
  bytes: number;
  readonly most: number;
}

/** Of answers: what clients have not taken yet. */
export const keptAnswers: KeptBytes = { bytes: 0, most: STREAMS_KEPT_BYTES };

/** Of requests: bodies that did not come with their head, until they are answered. */
export const keptRequests: KeptBytes = { bytes: 0, most: REQUESTS_KEPT_BYTES };
