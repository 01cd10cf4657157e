import type { Authorizer } from '../contract/authorizer.ts';
import type { FunctionVersion } from '../contract/function-version.ts';

/** Does a function's role let its lines into the log? A promise while roles are still to be read. */
export type LogGrant = (version: FunctionVersion) => boolean | Promise<boolean>;

/** Asks as CloudWatch Logs would: for the group and the stream of the function. */
export function createLogGrant(authorizer: Pick<Authorizer, 'ready' | 'mayRole'>): LogGrant {
  return (version) => {
    const ask = (): boolean => authorizer.mayRole(version.role, 'logs:PutLogEvents', toLogStream(version));
    return authorizer.ready()?.then(ask) ?? ask();
  };
}

function toLogStream({ arn, logGroup, logStream }: FunctionVersion): string {
  const [, , , region, accountId] = arn.split(':');
  return `arn:aws:logs:${region}:${accountId}:log-group:${logGroup}:log-stream:${logStream}`;
}
