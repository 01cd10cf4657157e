import type { Arguments, CommandOption, Host } from './command.ts';
import { UsageError } from './failure.ts';

/** The option of every command that talks to a running Isola. */
export const ENDPOINT_OPTION: Readonly<Record<string, CommandOption>> = {
  endpoint: { type: 'text', value: 'URL', help: 'where Isola runs (default http://127.0.0.1:8420)' },
};

/**
 * Where Isola is: `--endpoint`, then what AWS tools read (`AWS_ENDPOINT_URL_LAMBDA`, `AWS_ENDPOINT_URL`), then
 * `ISOLA_HOST` and `ISOLA_PORT`. Without a trailing slash.
 */
export function resolveEndpoint(args: Arguments, host: Host): string {
  const { env } = host;
  const given = args.text('endpoint') ?? (env.AWS_ENDPOINT_URL_LAMBDA || env.AWS_ENDPOINT_URL);
  if (given === undefined || given === '') return localEndpoint(env);
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`\`${given}\` is not an endpoint: give a URL such as http://127.0.0.1:8420.`);
  }
  return url.href.replace(/\/+$/, '');
}

function localEndpoint(env: Host['env']): string {
  const bound = env.ISOLA_HOST || '127.0.0.1';
  const everywhere = bound === '0.0.0.0' || bound === '::';
  const name = everywhere ? '127.0.0.1' : bound.includes(':') ? `[${bound}]` : bound;
  return `http://${name}:${env.ISOLA_PORT || '8420'}`;
}
