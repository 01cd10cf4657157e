import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request as Node has it, and the place for its answer. */
export interface Wire {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}
