import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient, createFunction, invokeFunction } from '../support/isola.ts';
import { query, readKey } from '../support/query-client.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { assemble } from '../support/wat.ts';

/** Logs the event that it gets, and answers with it. */
const LOGGING = assemble(`(module
  (import "isola" "log" (func $log (param i32 i32 i32)))
  (memory (export "memory") 2)
  (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "handler") (param $at i32) (param $length i32) (result i64)
    (call $log (i32.const 2) (local.get $at) (local.get $length))
    (i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $length)))))`);

const MADE_UP = 'arn:aws:iam::000000000000:role/made-up';
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

const dataDir = mkdtempSync(join(tmpdir(), 'isola-roles-'));
let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ ISOLA_DATA_DIR: dataDir, ISOLA_LOG: 'text' });
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it("lets a function's lines into the log as its role allows, from one call to the next", async () => {
  const client = createClient(server.url, server.credentialsFile);
  const iam = async (action: string, parameters: Record<string, string>): Promise<void> => {
    const answer = await query(server.url, readKey(server.credentialsFile), 'iam', action, parameters);
    expect(answer.status).toBe(200);
  };
  const call = async (name: string, line: string): Promise<void> => {
    const answer = await invokeFunction(client, name, line);
    expect(answer.log).toContain(line);
    const report = `[${name}] REPORT`;
    calls += 1;
    await expect.poll(() => server.output().split(report)).toHaveLength(calls + 1);
  };
  let calls = 0;
  await createFunction(client, 'f', LOGGING, { Role: MADE_UP });
  await expect.poll(() => server.output()).toContain(`There is no role ${MADE_UP}: `);
  await call('f', 'without a role');
  await iam('CreateRole', { RoleName: 'made-up', AssumeRolePolicyDocument: TRUST });
  await call('f', 'without a policy');
  await iam('AttachRolePolicy', { RoleName: 'made-up', PolicyArn: BASIC });
  await call('f', 'with a policy');
  await iam('DetachRolePolicy', { RoleName: 'made-up', PolicyArn: BASIC });
  await call('f', 'without it again');
  calls = 0;
  await createFunction(client, 'g', LOGGING);
  await call('g', 'with the role from the start');
  client.destroy();
  const said = [...server.output().matchAll(/^\[([fg])\] .*"(with.*)"$/gm)].map(([, name, line]) => [name, line]);
  expect(said).toEqual([
    ['f', 'with a policy'],
    ['g', 'with the role from the start'],
  ]);
});
