import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Observer } from '../contract/observer.ts';
import { toErrorAnswer } from '../gateway/error-answer.ts';
import { readHead, sendJson } from '../gateway/exchange.ts';
import type { Apps } from '../gateway/index.ts';
import { gone } from './channel.ts';
import type { Choice, Door } from './choose.ts';
import type { KeeperLink } from './keeper-link.ts';
import { createPassOn } from './pass-on.ts';

export interface FrontGatewayDeps {
  /** What this process serves itself. */
  readonly apps: Apps;
  readonly choose: (incoming: IncomingMessage, door: Door) => Choice | Promise<Choice>;
  readonly link: Pick<KeeperLink, 'hello' | 'present'>;
  /** The path of the socket at which the keeper takes requests. */
  readonly door: string;
  /** False while this process cannot take invocations. */
  readonly ready: () => boolean;
  readonly observer: Observer;
}

/** Serves what is to be served here, and passes on the rest; a request waits some seconds for a keeper that is away. */
export function createFrontGateway(deps: FrontGatewayDeps): {
  readonly apps: Apps;
  readonly close: () => void;
} {
  const { apps, choose, link, observer } = deps;
  const onward = createPassOn({ path: deps.door, failed: answerGone });
  return { apps: { ...apps, api: listen('api'), public: listen('public') }, close: () => onward.close() };

  function listen(door: Door): RequestListener {
    return (incoming, outgoing) => {
      const chosen = choose(incoming, door);
      if (chosen === 'here') apps[door](incoming, outgoing);
      else void serve(incoming, outgoing, door, chosen);
    };
  }

  async function serve(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    door: Door,
    chosen: Choice | Promise<Choice>,
  ): Promise<void> {
    if ((await chosen) === 'here') return apps[door](incoming, outgoing);
    if (await mayPass(incoming, door)) return onward.passOn(incoming, outgoing, door);
    answerGone(incoming, outgoing);
  }

  /** Who asks whether it is ready is told at once. */
  function mayPass({ url }: IncomingMessage, door: Door): boolean | Promise<boolean> {
    if (link.hello && !(door === 'api' && url === '/readyz')) return true;
    if (door === 'api' && url === '/readyz') return deps.ready() && link.hello !== undefined;
    return link.present().then(
      () => true,
      () => false,
    );
  }

  function answerGone(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const exchange = { incoming, outgoing, head: readHead(incoming), requestId: randomUUID(), params: {} };
    if (incoming.url === '/readyz') sendJson(exchange, { status: 503, body: { status: 'not ready' } });
    else sendJson(exchange, toErrorAnswer(gone(), observer));
  }
}
