import type { UrlCaller } from '../../events/http-v2-event.ts';
import type { Caller } from '../auth/authenticator.ts';
import type { RequestHead } from '../request-head.ts';

/** Who signed, as events tell it. */
export function toUrlCaller({ accessKeyId = 'anonymous', scope: { accountId }, principal }: Caller): UrlCaller {
  const { arn, userId } = principal.kind === 'user' ? principal : {};
  return { accessKeyId, accountId, ...(arn && userId ? { user: { arn, userId } } : {}) };
}

/** The port that a visitor thinks is asked. */
export function toPort(head: RequestHead): number {
  return Number(/:(\d{1,5})$/.exec(head.headers.host ?? '')?.[1] ?? 80);
}
