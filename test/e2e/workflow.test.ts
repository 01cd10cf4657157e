import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  ListFunctionsCommand,
  paginateListFunctions,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { exchange } from '../support/exchange.ts';
import { type Answer, startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

describe('a function through its life', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
  });
  afterAll(() => isola.stop());

  const waiter = () => ({ client: isola.client, maxWaitTime: 10 });

  it('is created, waited for, invoked, and updated only from its latest revision', async () => {
    await isola.create('life', says('one'));
    await waitUntilFunctionActiveV2(waiter(), { FunctionName: 'life' });
    expect(await isola.invoke('life')).toMatchObject({ status: 200, error: undefined, payload: 'one' });

    const update = { FunctionName: 'life', ZipFile: says('two') };
    await expect(
      isola.client.send(new UpdateFunctionCodeCommand({ ...update, RevisionId: 'stale' })),
    ).rejects.toMatchObject({ name: 'PreconditionFailedException', $metadata: { httpStatusCode: 412 } });
    expect((await isola.invoke('life')).payload).toBe('one');

    const { Configuration } = await isola.client.send(new GetFunctionCommand({ FunctionName: 'life' }));
    await isola.client.send(new UpdateFunctionCodeCommand({ ...update, RevisionId: Configuration?.RevisionId }));
    await waitUntilFunctionUpdatedV2(waiter(), { FunctionName: 'life' });
    expect((await isola.invoke('life')).payload).toBe('two');
  });

  it('loses no invocation to changes of its settings, and runs with the new ones after the answer', async () => {
    await isola.create('busy', guest('environment'), { Environment: { Variables: { STEP: '0' } } });
    const lanes = Array.from({ length: 3 }, () => startTraffic(isola, 'busy'));
    for (let step = 1; step <= 12; step++) {
      await isola.client.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: 'busy',
          MemorySize: 128 + step,
          Timeout: 3 + step,
          Environment: { Variables: { STEP: String(step) } },
        }),
      );
      expect(await isola.invoke('busy')).toMatchObject({ error: undefined, payload: step });
      expect((await isola.invoke('busy')).log).toContain(`Memory Size: ${128 + step} MB`);
    }
    for (const lane of lanes) {
      const { answers, failures } = await lane.stop();
      expect(failures).toEqual([]);
      expect(answers.length).toBeGreaterThan(12);
      expect(answers.filter(({ error }) => error !== undefined)).toEqual([]);
      const steps = answers.map(({ payload }) => payload as number);
      expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    }
  });

  it('is deleted under traffic, and its successor of the same name never answers for it', async () => {
    for (let round = 0; round < 5; round++) {
      await isola.create('phoenix', says(`old ${round}`));
      const traffic = startTraffic(isola, 'phoenix');
      await traffic.flowing;
      await isola.client.send(new DeleteFunctionCommand({ FunctionName: 'phoenix' }));
      const { answers, failures } = await traffic.stop();
      expect(answers.every(({ error, payload }) => error === undefined && payload === `old ${round}`)).toBe(true);
      expect(failures.every((name) => name === 'ResourceNotFoundException')).toBe(true);
      await expect(isola.invoke('phoenix')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });

      await isola.create('phoenix', says(`new ${round}`));
      const after = await Promise.all(Array.from({ length: 20 }, () => isola.invoke('phoenix')));
      expect(new Set(after.map(({ payload }) => payload))).toEqual(new Set([`new ${round}`]));
      await isola.client.send(new DeleteFunctionCommand({ FunctionName: 'phoenix' }));
    }
  });

  it('is created once, however many create it at a time', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => isola.create('contested', says(`winner ${index}`))),
    );
    const winner = attempts.findIndex(({ status }) => status === 'fulfilled');
    const refusals = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason.name] : []));
    expect(refusals).toEqual(Array(9).fill('ResourceConflictException'));
    expect((await isola.invoke('contested')).payload).toBe(`winner ${winner}`);
  });

  it('is listed once, whatever the size of the pages', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `page-${index}`);
    for (const name of names) await isola.create(name, guest('echo'));
    for (const pageSize of [1, 2, 7, 50, 10_000]) {
      const listed: (string | undefined)[] = [];
      for await (const page of paginateListFunctions({ client: isola.client, pageSize }, {})) {
        listed.push(...(page.Functions ?? []).map(({ FunctionName }) => FunctionName));
      }
      expect(listed.filter((name) => name?.startsWith('page-'))).toEqual(names);
      expect(new Set(listed).size).toBe(listed.length);
    }
    expect((await isola.client.send(new ListFunctionsCommand({ MaxItems: 10_000 }))).NextMarker).toBeUndefined();
  });

  it('answers its URL by host and by path, until it is deleted', async () => {
    await isola.create('site', says('home'));
    const url = await isola.openUrl('site');
    const visits = [
      { method: 'GET', path: '/a', headers: { host: new URL(url).host } },
      { method: 'GET', path: '/url/site/a' },
    ];
    for (const visit of visits) {
      const { status, body } = await exchange(isola.url, visit);
      expect([status, body.toString()]).toEqual([200, 'home']);
    }
    await isola.client.send(new DeleteFunctionCommand({ FunctionName: 'site' }));
    await isola.create('site', says('another home'));
    for (const visit of visits) expect((await exchange(isola.url, visit)).status).toBe(403);
  });

  it('is found by every form of its name', async () => {
    await isola.create('named', says('found'));
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:named';
    for (const FunctionName of ['named', arn, `${arn}:$LATEST`, '000000000000:function:named', 'named:$LATEST']) {
      const { Payload } = await isola.client.send(new InvokeCommand({ FunctionName }));
      expect(Payload?.transformToString()).toBe('"found"');
    }
  });
});

interface Traffic {
  /** Resolves with the first answer. */
  readonly flowing: Promise<void>;
  /** Ends it; answers in the order of asking, and the names of the errors that the API gave. */
  stop(): Promise<{ answers: Answer[]; failures: string[] }>;
}

/** Invokes a function without a pause until told to stop. */
function startTraffic(isola: TestIsola, name: string): Traffic {
  const answers: Answer[] = [];
  const failures: string[] = [];
  let running = true;
  let flow = (): void => undefined;
  const flowing = new Promise<void>((resolve) => {
    flow = resolve;
  });
  const done = (async () => {
    while (running) {
      await isola.invoke(name).then(
        (answer) => answers.push(answer),
        (error: Error) => failures.push(error.name),
      );
      flow();
    }
  })();
  return {
    flowing,
    async stop() {
      running = false;
      await done;
      return { answers, failures };
    },
  };
}

function says(text: string): Uint8Array {
  return answering(JSON.stringify(text));
}
