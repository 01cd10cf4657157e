import { describe, expect, it } from 'vitest';
import { ConfigError, isLoopback, parseConfig } from '../runtime/config.ts';

const machine = { cores: 2 };

describe('config', () => {
  it('has a default for everything', () => {
    const config = parseConfig({}, machine);
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8420, dataDir: '.isola', auth: 'on', threads: 4 });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('refuses a name that nobody reads', () => {
    expect(() => parseConfig({ ISOLA_PROT: '1' }, machine)).toThrow(ConfigError);
  });

  it.each([
    { ISOLA_PORT: '70000' },
    { ISOLA_PORT: '1.5' },
    { ISOLA_PRICES: '0.20' },
    { ISOLA_PRICES: '-1,0' },
    { ISOLA_PUBLIC_PORT: '8420' },
    { ISOLA_PUBLIC_PORT: 'x' },
    { ISOLA_KEY: 'short' },
    { ISOLA_ACCOUNT_ID: '12' },
    { ISOLA_REGION: 'here' },
    { ISOLA_AUTH: 'maybe' },
    { ISOLA_CPU: 'half' },
    { ISOLA_ROOT_ACCESS_KEY_ID: 'half' },
    { ISOLA_S3_ACCESS_KEY_ID: 'half' },
    { ISOLA_PRIVATE_HOSTS: 'http://localhost' },
    { ISOLA_SOURCES_ACCESS_KEY_ID: 'half' },
    { ISOLA_KINESIS_ENDPOINT: 'kinesis' },
    { ISOLA_S3_ENDPOINT: 'minio' },
    { ISOLA_S3_ENDPOINT: 'ftp://127.0.0.1' },
    { ISOLA_S3_ENDPOINT: 'http://user:password@127.0.0.1' },
    { ISOLA_S3_ENDPOINT: 'http://127.0.0.1/path' },
  ])('refuses %j in one sentence that names the setting', (env) => {
    expect(() => parseConfig(env, machine)).toThrow(Object.keys(env)[0]);
    expect(() => parseConfig(env, machine), 'words, not a pattern').not.toThrow('^');
  });

  it('refuses to run without signatures where others can reach it', () => {
    expect(() => parseConfig({ ISOLA_AUTH: 'off', ISOLA_HOST: '0.0.0.0' }, machine)).toThrow('ISOLA_AUTH=off');
    expect(parseConfig({ ISOLA_AUTH: 'off', ISOLA_HOST: '127.0.0.2' }, machine).auth).toBe('off');
  });

  it.each(['10.0.0.1', '127.0.0.1.example.org', '0.0.0.0', '::'])('does not take %s for a loopback host', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
