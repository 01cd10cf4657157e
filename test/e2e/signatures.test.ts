import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';

describe('a caller without the right signature', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
  });
  afterAll(() => isola.stop());

  it('is let in with the generated key', async () => {
    expect(await isola.client.send(new ListFunctionsCommand({}))).toMatchObject({ Functions: [] });
  });

  it('gets 403 for a wrong secret', async () => {
    const { accessKeyId } = await isola.client.config.credentials();
    const credentials = { accessKeyId, secretAccessKey: 'wrong' };
    const client = new LambdaClient({ endpoint: isola.url, region: 'us-east-1', maxAttempts: 1, credentials });
    await expect(client.send(new ListFunctionsCommand({}))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      $metadata: { httpStatusCode: 403 },
    });
    client.destroy();
  });

  it('gets 403 for a header that was changed on the way', async () => {
    const credentials = await isola.client.config.credentials();
    const client = new LambdaClient({ endpoint: isola.url, region: 'us-east-1', maxAttempts: 1, credentials });
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { headers: Record<string, string> };
        request.headers['x-amz-date'] = '20200101T000000Z';
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await expect(client.send(new ListFunctionsCommand({}))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    client.destroy();
  });

  it('gets 403 without any', async () => {
    expect((await fetch(`${isola.url}/2015-03-31/functions/`)).status).toBe(403);
  });
});
