import type { Cors } from '../../contract/cors.ts';
import type { Invocation } from '../../contract/invocation.ts';
import type { Invoker } from '../../contract/invoker.ts';
import type { Observer } from '../../contract/observer.ts';
import type { ResponseStream, StreamChunk } from '../../contract/response-stream.ts';
import { fromPrelude, STREAM_CONTENT_TYPE } from '../../events/http-prelude.ts';
import { isMalformed } from '../../events/http-v2-result.ts';
import { type Exchange, send } from '../exchange.ts';
import { StreamedAnswer } from '../streamed-answer.ts';
import { toAnswer, toMalformed, withOurs } from './answer.ts';
import { withCors } from './cors.ts';

interface StreamedUrl {
  readonly invocation: Invocation;
  readonly cors: Cors | undefined;
  readonly invoke: Invoker;
  readonly observer: Observer;
}

/**
 * Answers a function URL with InvokeMode RESPONSE_STREAM: the visitor has each piece as the guest writes it, behind the status
 * and headers of its prelude. A guest that streams nothing is answered for as in the mode BUFFERED, errors included; what
 * fails after the first piece breaks the connection, as nothing else can tell the visitor.
 */
export async function answerStreamed(c: Exchange, { invocation, cors, invoke, observer }: StreamedUrl): Promise<void> {
  const answer = new StreamedAnswer(c);
  let isRefused = false;
  const begin = (chunk: StreamChunk): void => {
    const open = { status: 200, headers: { 'content-type': STREAM_CONTENT_TYPE } };
    const head = chunk.kind === 'prelude' ? fromPrelude(chunk.bytes) : open;
    isRefused = isMalformed(head);
    if (isMalformed(head)) send(c, withCors(cors, c.head, toMalformed(invocation, head, observer)));
    else answer.begin(withCors(cors, c.head, withOurs(invocation, head)));
  };
  const stream: ResponseStream = {
    write(chunk, taken) {
      if (!answer.hasBegun && !isRefused) begin(chunk);
      if (isRefused || chunk.kind === 'prelude') taken();
      else answer.write(chunk.bytes, taken);
    },
  };
  const outcome = await invoke({ ...invocation, stream });
  if (isRefused) return;
  if (!answer.hasBegun) send(c, withCors(cors, c.head, toAnswer(invocation, outcome, observer)));
  else if (outcome.kind === 'succeeded') answer.end();
  else answer.cut();
}
