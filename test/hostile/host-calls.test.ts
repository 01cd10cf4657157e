import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRole } from '../support/role.ts';
import { type HostileIsola, ownError, startHostileIsola } from './hostile-isola.ts';

let hostile: HostileIsola;
beforeAll(async () => {
  hostile = await startHostileIsola();
  // Everything but isola:FetchPrivate.
  const Action = ['isola:Kv*', 'isola:Fetch', 'lambda:*'];
  const Role = await createRole(hostile.isola.process, 'much', [{ Effect: 'Allow', Action, Resource: '*' }]);
  await hostile.deploy('calls-forever', { Role, Timeout: 1 });
  await hostile.deploy('caller', { Role });
  await hostile.deploy('many-calls');
});
afterEach(() => hostile.assertQuiet());
afterAll(() => hostile.stop());

const here = (): string => hostile.isola.url;
const stopped = ownError('Sandbox.Timedout');

describe('a guest that calls the host for ever', () => {
  it.each<[string, () => unknown]>([
    ['to write values', () => ({ op: 'kv.put', key: 'flood' })],
    ['to list values', () => ({ op: 'kv.list' })],
    ['to fetch from its own host', () => ({ op: 'fetch', method: 'POST', url: `${here()}/metrics` })],
    ['to invoke another', () => ({ op: 'invoke', function: 'neighbour' })],
    ['to invoke itself', () => ({ op: 'invoke', function: 'calls-forever' })],
    ['to invoke nobody', () => ({ op: 'invoke', function: 'nobody' })],
    ['without sense', () => 'x'.repeat(10_000)],
  ])('%s is stopped at its timeout, as are six of it', async (_, event) => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => hostile.invoke('calls-forever', event())));
    for (const answer of answers) expect(answer).toMatchObject(stopped);
  });

  it('ten thousand times without leave is told so each time', async () => {
    const answers = await Promise.all([1, 2].map(() => hostile.invoke('many-calls', { op: 'kv.put', key: 'k' })));
    for (const { payload } of answers) expect(payload).toMatchObject({ error: { type: 'AccessDenied' } });
  });
});

describe('a guest that may fetch', () => {
  it.each<[string, () => string]>([
    ['its own host', () => `${here()}/metrics`],
    ['its own host by name', () => `http://localhost:${new URL(here()).port}/`],
    ['its own host in IPv6', () => `http://[::1]:${new URL(here()).port}/`],
    ['its own host in IPv6, mapped', () => `http://[::ffff:127.0.0.1]:${new URL(here()).port}/`],
    ['its own host as a number', () => `http://2130706433:${new URL(here()).port}/`],
    ['its own host in octal', () => `http://0177.0.0.1:${new URL(here()).port}/`],
    ['no address at all', () => `http://0.0.0.0:${new URL(here()).port}/`],
    ["a cloud's metadata", () => 'http://169.254.169.254/latest/meta-data/'],
    ['a private network', () => 'http://10.0.0.1/'],
    ['another', () => 'http://192.168.0.1/'],
    ['another in IPv6', () => 'http://[fd00::1]/'],
  ])('does not reach %s', async (_, url) => {
    const { payload } = await hostile.invoke('caller', { op: 'fetch', method: 'POST', url: url() });
    expect(payload).toMatchObject({ error: { type: 'PrivateAddress' } });
  });

  it.each(['file:///etc/passwd', 'ftp://127.0.0.1/', 'http://a:b@127.0.0.1/', '/etc/passwd'])(
    'does not read %s',
    async (url) => {
      const { payload } = await hostile.invoke('caller', { op: 'fetch', method: 'POST', url });
      expect(payload).toMatchObject({ error: { type: expect.not.stringMatching(/^(FetchFailed|PrivateAddress)$/) } });
    },
  );
});

describe('a guest that invokes itself', () => {
  it('and waits is stopped after sixteen turns', async () => {
    const { payload } = await hostile.invoke('caller', { op: 'invoke', function: 'caller' });
    expect(payload).toContain('RecursiveInvocationException');
  });
});
