import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, type LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClient, createFunction, invokeFunction } from '../support/isola.ts';
import { CAN_LIMIT, limitProcess } from '../support/process-limits.ts';
import { createRole } from '../support/role.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { guest } from '../support/wat.ts';

const DISK_MB = 16;
const FILLER_BYTES = 6_000_000;

/** Runs a command where `folder` is a small disk of its own. */
const onDisk = (folder: string): readonly string[] => {
  const mount = `mount -t tmpfs -o size=${DISK_MB}m none "$0" && exec "$@"`;
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', mount, folder];
};

const CAN_MOUNT = ((): boolean => {
  const [command = '', ...rest] = onDisk(tmpdir());
  return spawnSync(command, [...rest, 'true'], { stdio: 'ignore' }).status === 0;
})();

interface Acknowledged {
  readonly functions: string[];
  readonly values: string[];
  events: number;
}

/** What changes of each kind ended with that were not acknowledged. */
type Refusals = Record<'functions' | 'values' | 'events', unknown[]>;

/** Changes everything there is, `rounds` times, and notes what was acknowledged. */
async function change(client: LambdaClient, known: Acknowledged, rounds: number, prefix: string): Promise<Refusals> {
  const refused: Refusals = { functions: [], values: [], events: [] };
  for (let round = 0; round < rounds; round++) {
    const name = `${prefix}-${round}`;
    await createFunction(client, name, padded(round)).then(
      () => known.functions.push(name),
      (error: unknown) => refused.functions.push(error),
    );
    const put = await invokeFunction(client, 'writer', { op: 'kv.put', key: name });
    if ((put.payload as { done?: boolean }).done) known.values.push(name);
    else refused.values.push(put.payload);
    const Payload = Buffer.from(JSON.stringify('x'.repeat(100_000)));
    await client.send(new InvokeCommand({ FunctionName: 'echo', InvocationType: 'Event', Payload })).then(
      () => known.events++,
      (error: unknown) => refused.events.push(error),
    );
  }
  return refused;
}

/** Another module each time, of some hundred kilobytes that do not compress. */
function padded(seed: number): Uint8Array {
  const module = guest('echo');
  const noise = Buffer.alloc(300_000);
  let state = seed + 1;
  for (let at = 0; at < noise.length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    noise[at] = state >>> 16;
  }
  const name = Buffer.concat([Buffer.from([1]), Buffer.from('n')]);
  const content = Buffer.concat([name, noise]);
  return Buffer.concat([module, Buffer.from([0]), leb(content.length), content]);
}

function leb(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
}

async function begin(server: ServerProcess): Promise<LambdaClient> {
  const client = createClient(server.url, server.credentialsFile);
  onTestFinished(() => client.destroy());
  const statement = { Effect: 'Allow', Action: 'isola:Kv*', Resource: '*' };
  const Role = await createRole(server, 'writer', [statement]);
  await createFunction(client, 'writer', guest('caller'), { Role });
  await createFunction(client, 'echo', guest('echo'));
  return client;
}

/** Everything that was acknowledged is there. */
async function expectKept(client: LambdaClient, { functions, values }: Acknowledged): Promise<void> {
  const { Functions = [] } = await client.send(new ListFunctionsCommand({ MaxItems: 1_000 }));
  const names = Functions.map(({ FunctionName }) => FunctionName);
  expect(names).toEqual(expect.arrayContaining(functions));
  expect(names).toHaveLength(functions.length + 2);
  for (const name of functions) expect(await invokeFunction(client, name, name)).toMatchObject({ payload: name });
  const { payload } = await invokeFunction(client, 'writer', { op: 'kv.list' });
  const keys = (payload as { keys: readonly { key: string }[] }).keys.map(({ key }) => key);
  expect(keys).toEqual(expect.arrayContaining(values));
}

/** Every event that was acknowledged has run, beside the one call in between. */
async function expectRun(server: ServerProcess, { events }: Acknowledged): Promise<void> {
  const line = /^isola_invocations_total\{function_name="echo"\} (\d+)$/m;
  await expect
    .poll(async () => Number(line.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1]))
    .toBeGreaterThan(events);
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'isola-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const NONE: Refusals = { functions: [], values: [], events: [] };

/** Every refusal is an error of Lambda's, or of the guest's own; none is silence. */
function expectRefused(refused: Refusals): void {
  for (const error of [...refused.functions, ...refused.events]) {
    expect(error).toMatchObject({ name: 'ServiceException', $metadata: { httpStatusCode: 500 } });
    expect((error as Error).message).toMatch(/^(There is no room on the disk|The disk cannot be written): nothing was/);
  }
  for (const error of refused.values) expect(error).toMatchObject({ error: {} });
}

/** What was acknowledged is there for another process, too. */
async function expectDurable(dataDir: string, known: Acknowledged): Promise<void> {
  const server = await startServer({ ISOLA_DATA_DIR: dataDir });
  onTestFinished(() => server.kill());
  const client = createClient(server.url, server.credentialsFile);
  onTestFinished(() => client.destroy());
  await expectKept(client, known);
}

describe.skipIf(!CAN_LIMIT)('a server whose files may not grow (skipped without prlimit)', () => {
  it('refuses every change with an error, loses nothing it has acknowledged, and takes changes again', async () => {
    const dataDir = folder();
    const server = await startServer({ ISOLA_DATA_DIR: dataDir });
    onTestFinished(() => server.kill());
    const client = await begin(server);
    const known: Acknowledged = { functions: [], values: [], events: 0 };
    expect(await change(client, known, 3, 'before')).toEqual(NONE);

    limitProcess(server.pid, 'fsize', 4_096);
    const refused = await change(client, known, 4, 'meanwhile');
    expectRefused(refused);
    expect(refused).toMatchObject({ functions: { length: 4 }, values: { length: 4 }, events: { length: 4 } });
    expect(await invokeFunction(client, 'echo', 'meanwhile')).toMatchObject({ payload: 'meanwhile' });

    limitProcess(server.pid, 'fsize', 'unlimited');
    expect(await change(client, known, 3, 'after')).toEqual(NONE);
    await expectKept(client, known);
    await expectRun(server, known);
    await server.kill();
    await expectDurable(dataDir, known);
  }, 120_000);
});

describe.skipIf(!CAN_MOUNT)('a server whose disk is full (skipped where nobody may mount one)', () => {
  it('refuses what there is no room for, loses nothing it has acknowledged, and goes on when there is', async () => {
    const dataDir = folder();
    const server = await startServer({ ISOLA_DATA_DIR: dataDir }, onDisk(dataDir));
    onTestFinished(() => server.kill());
    const disk = join(`/proc/${server.pid}/root`, dataDir);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(FILLER_BYTES));
    const client = await begin({ ...server, credentialsFile: join(disk, 'credentials') });
    const known: Acknowledged = { functions: [], values: [], events: 0 };
    const refused = await change(client, known, 25, 'until-full');
    expectRefused(refused);
    expect(refused.functions.length).toBeGreaterThan(0);
    expect(known.functions.length).toBeGreaterThan(0);
    expect(await invokeFunction(client, 'echo', 'meanwhile')).toMatchObject({ payload: 'meanwhile' });

    rmSync(join(disk, 'filler'));
    expect(await change(client, known, 1, 'after')).toEqual(NONE);
    await expectKept(client, known);
    await expectRun(server, known);
    const copy = folder();
    cpSync(disk, copy, { recursive: true });
    await server.kill();
    await expectDurable(copy, known);
  }, 120_000);
});
