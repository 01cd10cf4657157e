import { resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHostCalls, createKv } from '../../runtime/capabilities/index.ts';
import { buildFunction } from '../../runtime/cli/toolchain/build.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import { SqliteKvStore } from '../../runtime/store/sqlite/sqlite-kv-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { grantsOf } from '../capabilities/fixture.ts';
import { startPool, textOf } from '../pool/fixture.ts';
import { httpEvent } from '../support/http-event.ts';

const built = buildFunction(resolve('functions/visits'), () => {});

/** The example, with a role that allows this. */
async function open(...allowed: string[]): Promise<(method: string, path: string) => Promise<Answer>> {
  const storage = openStorage(':memory:');
  onTestFinished(() => void storage.close());
  const store = new SqliteKvStore(storage, { namespaceBytes: 1_000_000, accountBytes: 1_000_000 });
  const hostCalls = createHostCalls(createKv(store, grantsOf(...allowed)), () => undefined);
  const { invoke } = await startPool({ threads: 4, hostCalls }, { visits: (await built).wasm });
  return async (method, path) => toAnswer(await invoke('visits', httpEvent(method, path), { timeoutMs: 30_000 }));
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function toAnswer(outcome: Outcome): Answer {
  const { statusCode, body } = JSON.parse(textOf(outcome));
  return { status: statusCode, body: JSON.parse(body) };
}

describe('visits', () => {
  it('counts each page, and loses none of 100 visits that come at once', async () => {
    const send = await open('isola:Kv*');
    await Promise.all(Array.from({ length: 100 }, () => send('POST', '/home')));
    expect(await send('POST', '/about')).toEqual({ status: 200, body: { page: 'about', visits: 1 } });
    expect(await send('GET', '/')).toEqual({ status: 200, body: { about: 1, home: 100 } });
  });

  it('says what its role does not allow', async () => {
    const send = await open('isola:KvGet*');
    const denied = { status: 503, body: { error: expect.stringContaining('AccessDenied: The role') } };
    expect(await send('POST', '/home')).toEqual(denied);
    expect(await send('GET', '/')).toEqual(denied);
  });
});
