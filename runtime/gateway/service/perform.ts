import type { Authorizer } from '../../contract/authorizer.ts';
import type { Observer } from '../../contract/observer.ts';
import { assertAllowed } from '../auth/access.ts';
import type { Authenticate, Caller } from '../auth/authenticator.ts';
import type { Exchange } from '../exchange.ts';
import { toSharedTrace } from '../trace-id.ts';
import type { Input, ServiceOperation } from './service.ts';

/** What serving a service needs, whatever its protocol. */
export interface ServiceDeps {
  readonly authenticate: Authenticate;
  readonly authorizer: Authorizer;
  readonly observer: Observer;
  readonly bodyTimeoutMs: number;
}

/** Authorises the caller and does what is asked for. */
export async function perform(
  operation: ServiceOperation,
  input: Input,
  { caller, exchange, authorizer }: { caller: Caller; exchange: Exchange; authorizer: Authorizer },
): Promise<unknown> {
  const { head, outgoing } = exchange;
  const gone = new AbortController();
  const request = { caller, host: head.headers.host ?? '', traceId: toSharedTrace(exchange), signal: gone.signal };
  if (operation.wish !== undefined && caller.principal.kind !== 'root') {
    for (const wish of [(await operation.wish(request, input)) ?? []].flat()) {
      await assertAllowed(authorizer, caller, head, wish);
    }
  }
  const onClose = (): void => gone.abort();
  outgoing.once('close', onClose);
  if (outgoing.destroyed) gone.abort();
  try {
    return await operation.handle(request, input);
  } finally {
    outgoing.off('close', onClose);
  }
}
