import { createHash } from 'node:crypto';
import { GetFunctionCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient, createFunction, startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';

describe("GetFunction's Code.Location", () => {
  let isola: TestIsola;
  afterEach(() => isola.stop());

  async function locate(name: string): Promise<{ location: string; sha256: string | undefined }> {
    const { Code, Configuration } = await isola.client.send(new GetFunctionCommand({ FunctionName: name }));
    return { location: Code?.Location ?? '', sha256: Configuration?.CodeSha256 };
  }

  it.each(['on', 'off'])('gives the package back as it was uploaded, with authentication %s', async (auth) => {
    isola = await startTestIsola({ ISOLA_AUTH: auth });
    const packages = { wasm: guest('echo'), zip: await zip({ 'index.wasm': guest('echo') }) };
    for (const [kind, bytes] of Object.entries(packages)) {
      await isola.create(kind, bytes);
      const { location, sha256 } = await locate(kind);
      const response = await fetch(location);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, `application/${kind}`]);
      const downloaded = Buffer.from(await response.arrayBuffer());
      expect(downloaded.equals(bytes)).toBe(true);
      expect(createHash('sha256').update(downloaded).digest('base64')).toBe(sha256);
    }
  });

  it.each(['on', 'off'])('leads to the region of the caller, with authentication %s', async (auth) => {
    isola = await startTestIsola({ ISOLA_AUTH: auth });
    const abroad = createClient(isola.url, isola.running.credentialsFile, 'eu-west-1');
    await isola.create('twin', guest('echo'));
    await createFunction(abroad, 'twin', guest('counter'));
    const { Code } = await abroad.send(new GetFunctionCommand({ FunctionName: 'twin' }));
    const downloaded = await (await fetch(Code?.Location ?? '')).arrayBuffer();
    expect(Buffer.from(downloaded).equals(guest('counter'))).toBe(true);
    abroad.destroy();
  });

  it('opens nothing but that package, and only with its signature', async () => {
    isola = await startTestIsola();
    await isola.create('mine', guest('echo'));
    await isola.create('other', guest('counter'));
    const [mine, other] = [new URL((await locate('mine')).location), new URL((await locate('other')).location)];
    expect((await fetch(mine.origin + mine.pathname)).status).toBe(403);
    expect((await fetch(mine.origin + other.pathname + mine.search)).status).toBe(403);
    expect((await fetch(`${isola.url}/2015-03-31/functions${mine.search}`)).status).toBe(403);
    expect((await fetch(mine.href.replace('X-Amz-Expires=600', 'X-Amz-Expires=6000'))).status).toBe(403);
    expect((await fetch(mine)).status).toBe(200);
  });

  it('is gone once the function has other code', async () => {
    isola = await startTestIsola();
    await isola.create('moved', guest('echo'));
    const { location } = await locate('moved');
    await isola.client.send(new UpdateFunctionCodeCommand({ FunctionName: 'moved', ZipFile: guest('counter') }));
    const response = await fetch(location);
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([404, 'ResourceNotFoundException']);
  });
});
