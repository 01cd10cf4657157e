import {
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamCommandInput,
  type InvokeWithResponseStreamResponseEvent,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { type Script, streaming } from '../support/streaming-guest.ts';
import { guest } from '../support/wat.ts';

/** More than a guest may run ahead of its client, with all that the kernel holds between them. */
const MUCH = 800;
const BLOCK = 65_536;

describe('InvokeWithResponseStream, by the SDK', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
    await isola.create('echo', guest('echo'));
  });
  afterAll(() => isola.stop());

  const create = (name: string, script: Script, Timeout = 10): Promise<void> =>
    isola.create(name, streaming(script), { Timeout });

  async function open(FunctionName: string, input: Partial<InvokeWithResponseStreamCommandInput> = {}) {
    const answer = await isola.client.send(new InvokeWithResponseStreamCommand({ FunctionName, ...input }));
    const { EventStream = [], ...head } = answer;
    return { head, events: EventStream as AsyncIterable<InvokeWithResponseStreamResponseEvent> };
  }

  /** Chunks as text, and what the stream says at its end. */
  async function readAll(events: AsyncIterable<InvokeWithResponseStreamResponseEvent>) {
    const chunks: string[] = [];
    let complete: InvokeWithResponseStreamResponseEvent['InvokeComplete'];
    for await (const { PayloadChunk, InvokeComplete } of events) {
      expect(complete).toBeUndefined();
      if (PayloadChunk) chunks.push(Buffer.from(PayloadChunk.Payload ?? []).toString());
      complete = InvokeComplete;
    }
    return { chunks, complete };
  }

  const running = async (): Promise<string | undefined> =>
    /^isola_concurrent_executions (\d+)$/m.exec(await (await fetch(`${isola.url}/metrics`)).text())?.[1];

  it('has the pieces as the guest wrote them, prelude and all, and then the end', async () => {
    await create('few', { prelude: '{"statusCode":201}', chunks: ['one', 'zwölf'] });
    const { head, events } = await open('few', { LogType: 'Tail' });
    expect(head).toMatchObject({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      ResponseStreamContentType: 'application/vnd.amazon.eventstream',
    });
    const { chunks, complete } = await readAll(events);
    expect(chunks).toEqual([`{"statusCode":201}${'\0'.repeat(8)}`, 'one', 'zwölf']);
    expect(complete).toEqual({ LogResult: expect.any(String) });
    expect(Buffer.from(complete?.LogResult ?? '', 'base64').toString()).toMatch(/^REPORT RequestId: /m);
  });

  it('has the first piece while the guest still runs', async () => {
    await create('much', { blocks: MUCH });
    const { events } = await open('much');
    let bytes = 0;
    for await (const { PayloadChunk, InvokeComplete } of events) {
      if (bytes === 0) expect(await running()).toBe('1');
      bytes += PayloadChunk?.Payload?.length ?? 0;
      if (InvokeComplete) expect(InvokeComplete).toEqual({});
    }
    expect(bytes).toBe(MUCH * BLOCK);
    expect(await running()).toBe('0');
  });

  it('has the result of a guest that does not stream in one piece', async () => {
    const { events } = await open('echo', { Payload: Buffer.from('{"as":"ever"}') });
    expect(await readAll(events)).toEqual({ chunks: ['{"as":"ever"}'], complete: {} });
  });

  it.each([
    ['fails', 'trap', 'Runtime.ExitError'],
    ['runs out of time', 'spin', 'Sandbox.Timedout'],
  ] as const)('says at the end that the guest %s in the middle', async (_, ends, errorType) => {
    await create(ends, { chunks: ['one'], ends }, 1);
    const { chunks, complete } = await readAll((await open(ends)).events);
    expect(chunks).toEqual(['one']);
    expect(complete).toMatchObject({ ErrorCode: 'Unhandled' });
    expect(JSON.parse(complete?.ErrorDetails ?? '')).toMatchObject({ errorType, errorMessage: expect.any(String) });
  });

  it('says so when the guest fails before its first piece', async () => {
    await create('early', { ends: 'trap' });
    const { chunks, complete } = await readAll((await open('early')).events);
    expect([chunks, complete?.ErrorCode]).toEqual([[], 'Unhandled']);
  });

  it('is refused as Invoke is', async () => {
    await expect(open('nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(open('echo', { Payload: Buffer.from('{') })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
    });
    await expect(open('echo', { InvocationType: 'Event' as 'DryRun' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('runs nothing for a DryRun', async () => {
    expect((await open('echo', { InvocationType: 'DryRun' })).head.StatusCode).toBe(204);
  });

  it('is the payload, all together, for Invoke', async () => {
    const { Payload } = await isola.client.send(new InvokeCommand({ FunctionName: 'few' }));
    expect(Buffer.from(Payload ?? []).toString()).toBe(`{"statusCode":201}${'\0'.repeat(8)}onezwölf`);
  });

  it('answers a function URL of either mode', async () => {
    for (const [name, InvokeMode] of [
      ['buffered', 'BUFFERED'],
      ['streamed', 'RESPONSE_STREAM'],
    ] as const) {
      await create(name, { prelude: '{"statusCode":201,"headers":{"x-mode":"any"}}', chunks: ['one', 'two'] });
      await isola.openUrl(name);
      await isola.client.send(new UpdateFunctionUrlConfigCommand({ FunctionName: name, InvokeMode }));
      const answer = await fetch(`${isola.url}/url/${name}/`);
      expect([answer.status, answer.headers.get('x-mode')]).toEqual([201, 'any']);
      expect(answer.headers.get('transfer-encoding')).toBe(InvokeMode === 'BUFFERED' ? null : 'chunked');
      expect(await answer.text()).toBe('onetwo');
    }
  });
});
