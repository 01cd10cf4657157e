import { describe, expect, it } from 'vitest';
import type { Principal, RoleTaker } from '../../runtime/contract/authorizer.ts';
import { DeferredIdentities } from '../../runtime/identity/deferred-identities.ts';
import type { Identities } from '../../runtime/identity/identities.ts';
import { createUniqueId } from '../../runtime/identity/unique-id.ts';
import { createCipher } from '../../runtime/store/cipher.ts';
import type { ResourceStore, StoredResource } from '../../runtime/store/resource-store.ts';

const ACCOUNT = '000000000000';
const LAMBDA_TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const ALLOW_KV = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'kv:*', Resource: '*' },
});

/** A store that can be looked into. */
function createStore(): ResourceStore & { readonly rows: Map<string, StoredResource<unknown>> } {
  const rows = new Map<string, StoredResource<unknown>>();
  const idOf = (kind: string, key: { accountId: string; region: string; id: string }) =>
    `${kind}/${key.accountId}/${key.region}/${key.id}`;
  return {
    rows,
    list: async <Resource>(kind: string) =>
      [...rows].filter(([id]) => id.startsWith(`${kind}/`)).map(([, row]) => row as StoredResource<Resource>),
    put: async (kind, stored) => void rows.set(idOf(kind, stored), stored),
    delete: async (kind, key) => (rows.delete(idOf(kind, key)) ? 'deleted' : 'missing'),
  };
}

async function open(store: ResourceStore = createStore()): Promise<Identities> {
  const cipher = createCipher(new Uint8Array(32));
  return await new DeferredIdentities({ store, accountId: ACCOUNT, cipher, clock: Date.now }).get();
}

function createUser(identities: Identities, name: string): Promise<unknown> {
  const arn = `arn:aws:iam::${ACCOUNT}:user/${name}`;
  const identity = { name, path: '/', arn, id: createUniqueId('AIDA'), createdAt: 0, tags: {} };
  return identities.users.create({ ...identity, inline: {}, attached: [], keys: [] });
}

async function createRole(identities: Identities, trust: string, path = '/'): Promise<string> {
  const arn = `arn:aws:iam::${ACCOUNT}:role${path}r`;
  const identity = { name: 'r', path, arn, id: createUniqueId('AROA'), createdAt: 0, tags: {} };
  const settings = { description: undefined, maxSessionSeconds: 3_600, trust };
  await identities.roles.create({ ...identity, ...settings, inline: { kv: ALLOW_KV }, attached: [] });
  return arn;
}

describe('users', () => {
  it('who are made again under an old name have nothing of the old one', async () => {
    const identities = await open();
    await createUser(identities, 'alice');
    const { key } = await identities.users.createKey('alice');
    const { principal } = identities.credential(key.accessKeyId) as { principal: Principal };
    await identities.users.deleteKey('alice', key.accessKeyId);
    await identities.users.delete('alice');
    await createUser(identities, 'alice');
    await identities.users.putInline('alice', 'p', ALLOW_KV);
    const question = { principal, action: 'kv:Get', resource: '*' };
    expect(identities.judge(question).decision).toBe('unmentioned');
    const again = await identities.users.createKey('alice');
    const { principal: current } = identities.credential(again.key.accessKeyId) as { principal: Principal };
    expect(identities.judge({ ...question, principal: current }).decision).toBe('allowed');
  });

  it('may do nothing to what cannot exist', async () => {
    const identities = await open();
    const principal = { kind: 'role', accountId: ACCOUNT, arn: await createRole(identities, LAMBDA_TRUST) } as const;
    const judge = (length: number) => identities.judge({ principal, action: 'kv:Get', resource: 'x'.repeat(length) });
    expect([judge(2_048).decision, judge(2_049).decision]).toEqual(['allowed', 'unmentioned']);
  });

  it('have secrets that the store does not see', async () => {
    const store = createStore();
    const identities = await open(store);
    await createUser(identities, 'alice');
    const { key, secret } = await identities.users.createKey('alice');
    expect(JSON.stringify([...store.rows.values()])).toContain(key.accessKeyId);
    expect(JSON.stringify([...store.rows.values()])).not.toContain(secret);
    expect((await open(store)).credential(key.accessKeyId)?.secretAccessKey).toBe(secret);
  });

  it('keep what many changes at once make of them', async () => {
    const store = createStore();
    const identities = await open(store);
    await createUser(identities, 'alice');
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
    await Promise.all(names.map((name) => identities.users.putInline('alice', name, ALLOW_KV)));
    expect(Object.keys((await open(store)).users.get('alice').inline)).toHaveLength(20);
  });
});

describe('a role', () => {
  it('grants what its policies allow, to those who name it with its path', async () => {
    const identities = await open();
    const arn = await createRole(identities, LAMBDA_TRUST, '/team/');
    expect(identities.mayRole(arn, 'kv:Get', 'arn:aws:kv:::x')).toBe(true);
    expect(identities.mayRole(arn, 'logs:PutLogEvents', '*')).toBe(false);
    expect(identities.mayRole(`arn:aws:iam::${ACCOUNT}:role/r`, 'kv:Get', '*')).toBe(false);
    expect(identities.mayRole(`arn:aws:iam::111111111111:role/team/r`, 'kv:Get', '*')).toBe(false);
    expect(identities.suits(`arn:aws:iam::${ACCOUNT}:role/r`)).toBe('unknown');
  });

  it('grants nothing unless it trusts Lambda', async () => {
    const identities = await open();
    const arn = await createRole(identities, LAMBDA_TRUST.replace('lambda', 'ec2'));
    expect([identities.suits(arn), identities.mayRole(arn, 'kv:Get', '*')]).toEqual(['untrusting', false]);
    await identities.roles.setTrust('r', LAMBDA_TRUST);
    expect([identities.suits(arn), identities.mayRole(arn, 'kv:Get', '*')]).toEqual(['fit', true]);
  });

  it.each([
    ['AmazonSQSFullAccess', 'sqs:SendMessage', 'sns:Publish'],
    ['AmazonSNSFullAccess', 'sns:Publish', 'sqs:SendMessage'],
    ['AmazonS3ReadOnlyAccess', 's3:GetObject', 's3:PutObject'],
    ['AmazonEventBridgeFullAccess', 'events:PutEvents', 'lambda:InvokeFunction'],
    ['AmazonEventBridgeSchedulerReadOnlyAccess', 'scheduler:GetSchedule', 'scheduler:CreateSchedule'],
    ['AmazonKinesisReadOnlyAccess', 'kinesis:GetRecords', 'kinesis:PutRecord'],
    ['service-role/AWSLambdaRole', 'lambda:InvokeFunction', 'lambda:GetFunction'],
  ])('may do by %s of AWS what that is for', async (name, allowed, other) => {
    const identities = await open();
    const arn = await createRole(identities, LAMBDA_TRUST);
    await identities.roles.attach('r', `arn:aws:iam::aws:policy/${name}`);
    expect([allowed, other].map((action) => identities.mayRole(arn, action, '*'))).toEqual([true, false]);
  });

  it('lets another service act by it, for what its trust policy says', async () => {
    const identities = await open();
    const service = 'scheduler.amazonaws.com';
    const sourceArn = 'arn:aws:scheduler:us-east-1:000000000000:schedule-group/default';
    const toTrust = (StringEquals: Readonly<Record<string, string>>) => {
      const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
      return JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, Condition: { StringEquals } }] });
    };
    const arn = await createRole(identities, toTrust({ 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': sourceArn }));
    const decide = (takenBy: RoleTaker | undefined) => {
      const principal: Principal = { kind: 'role', accountId: ACCOUNT, arn, ...(takenBy ? { takenBy } : {}) };
      const { decision } = identities.judge({ principal, action: 'kv:Get', resource: '*' });
      return [identities.suits(arn, takenBy), decision];
    };
    expect(decide({ service, sourceArn })).toEqual(['fit', 'allowed']);
    expect(decide({ service, sourceArn: `${sourceArn}s` })).toEqual(['untrusting', 'unmentioned']);
    expect(decide({ service: 'events.amazonaws.com', sourceArn })).toEqual(['untrusting', 'unmentioned']);
    expect(decide(undefined)).toEqual(['untrusting', 'unmentioned']);
    await identities.roles.setTrust('r', toTrust({ 'aws:SourceAccount': '111111111111' }));
    expect(decide({ service, sourceArn })).toEqual(['untrusting', 'unmentioned']);
  });

  it('loses what a managed policy granted when that policy changes', async () => {
    const identities = await open();
    const policyArn = `arn:aws:iam::${ACCOUNT}:policy/p`;
    const identity = { name: 'p', path: '/', arn: policyArn, id: createUniqueId('ANPA'), createdAt: 0, tags: {} };
    await identities.policies.create({ ...identity, description: undefined, updatedAt: 0 }, ALLOW_KV);
    const isola = `arn:aws:iam::${ACCOUNT}:role/isola`;
    await identities.roles.attach('isola', policyArn);
    expect(identities.mayRole(isola, 'kv:Get', '*')).toBe(true);
    await identities.policies.addVersion(policyArn, ALLOW_KV.replace('Allow', 'Deny'), 'default');
    expect(identities.mayRole(isola, 'kv:Get', '*')).toBe(false);
    await identities.policies.setDefault(policyArn, 'v1');
    expect(identities.mayRole(isola, 'kv:Get', '*')).toBe(true);
  });
});
