import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
  InvokeCommand,
  ListAliasesCommand,
  ListFunctionsCommand,
  PublishVersionCommand,
  paginateListVersionsByFunction,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  waitUntilPublishedVersionActive,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function';
const says = (text: string): Uint8Array => answering(JSON.stringify(text));

describe('versions and aliases, by the SDK', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
  });
  afterAll(() => isola.stop());

  async function ask(FunctionName: string, Qualifier?: string): Promise<{ version?: string; payload: unknown }> {
    const answer = await isola.client.send(new InvokeCommand({ FunctionName, ...(Qualifier ? { Qualifier } : {}) }));
    const payload = JSON.parse(Buffer.from(answer.Payload ?? []).toString());
    return { ...(answer.ExecutedVersion ? { version: answer.ExecutedVersion } : {}), payload };
  }

  async function publishTwo(FunctionName: string): Promise<void> {
    await isola.create(FunctionName, says('one'), { Publish: true });
    const ZipFile = says('two');
    const updated = await isola.client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }));
    expect(updated).toMatchObject({ Version: '2', FunctionArn: `${ARN}:${FunctionName}:2` });
    await isola.client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: says('next') }));
  }

  it('a published version answers on while $LATEST changes', async () => {
    await publishTwo('frozen');
    const published = await isola.client.send(
      new PublishVersionCommand({ FunctionName: 'frozen', Description: 'third' }),
    );
    expect(published).toMatchObject({ Version: '3', State: 'Pending', Description: 'third' });
    await waitUntilPublishedVersionActive(
      { client: isola.client, maxWaitTime: 10 },
      { FunctionName: 'frozen', Qualifier: '3' },
    );
    expect(await ask('frozen', '1')).toEqual({ version: '1', payload: 'one' });
    expect(await ask('frozen:2')).toEqual({ version: '2', payload: 'two' });
    expect(await ask(`${ARN}:frozen:3`)).toEqual({ version: '3', payload: 'next' });
    await isola.client.send(new UpdateFunctionCodeCommand({ FunctionName: 'frozen', ZipFile: says('last') }));
    expect(await ask('frozen', '3')).toEqual({ version: '3', payload: 'next' });
    expect(await ask('frozen')).toEqual({ version: '$LATEST', payload: 'last' });

    const pages = paginateListVersionsByFunction({ client: isola.client, pageSize: 2 }, { FunctionName: 'frozen' });
    const listed: unknown[] = [];
    for await (const { Versions } of pages) listed.push(...(Versions ?? []).map((each) => each.Version));
    expect(listed).toEqual(['$LATEST', '1', '2', '3']);
    const all = await isola.client.send(new ListFunctionsCommand({ FunctionVersion: 'ALL' }));
    const frozen = all.Functions?.filter((each) => each.FunctionName === 'frozen');
    expect(frozen?.map((each) => each.FunctionArn)).toEqual(
      ['$LATEST', '1', '2', '3'].map((version) => `${ARN}:frozen:${version}`),
    );
    await isola.client.send(new DeleteFunctionCommand({ FunctionName: 'frozen', Qualifier: '1' }));
    await expect(ask('frozen', '1')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('an alias shares its calls between two versions, and shows which one answered', async () => {
    await publishTwo('shared');
    const created = await isola.client.send(
      new CreateAliasCommand({
        ...{ FunctionName: 'shared', Name: 'live', FunctionVersion: '1', Description: 'canary' },
        RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } },
      }),
    );
    expect(created).toMatchObject({
      AliasArn: `${ARN}:shared:live`,
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } },
    });
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask('shared', 'live')));
    expect(new Set(answers.map((each) => JSON.stringify(each)))).toEqual(
      new Set(['{"version":"1","payload":"one"}', '{"version":"2","payload":"two"}']),
    );
    const { RevisionId } = await isola.client.send(new GetAliasCommand({ FunctionName: 'shared', Name: 'live' }));
    const moved = await isola.client.send(
      new UpdateAliasCommand({
        ...{ FunctionName: 'shared', Name: 'live', FunctionVersion: '2', RevisionId },
        RoutingConfig: { AdditionalVersionWeights: {} },
      }),
    );
    expect(moved.RoutingConfig).toBeUndefined();
    expect(await ask('shared', 'live')).toEqual({ version: '2', payload: 'two' });
    const found = await isola.client.send(new GetFunctionCommand({ FunctionName: 'shared', Qualifier: 'live' }));
    expect(found.Configuration).toMatchObject({ Version: '2', FunctionArn: `${ARN}:shared:live` });
  });

  it('a published version tells that it starts from an image, where that was asked for', async () => {
    const FunctionName = 'snapped';
    await isola.create(FunctionName, says('one'), { SnapStart: { ApplyOn: 'PublishedVersions' } });
    const { SnapStart, Version } = await isola.client.send(new PublishVersionCommand({ FunctionName }));
    expect([Version, SnapStart]).toEqual(['1', { ApplyOn: 'PublishedVersions', OptimizationStatus: 'On' }]);
    const latest = await isola.client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(latest.SnapStart).toEqual({ ApplyOn: 'PublishedVersions', OptimizationStatus: 'Off' });
  });

  it('an alias has a function URL of its own', async () => {
    await publishTwo('visited');
    const alias = { FunctionName: 'visited', Name: 'live', FunctionVersion: '1' };
    await isola.client.send(new CreateAliasCommand(alias));
    const url = await isola.openUrl('visited', 'live');
    const live = { FunctionName: 'visited', Qualifier: 'live' };
    const { FunctionArn } = await isola.client.send(new GetFunctionUrlConfigCommand(live));
    expect(FunctionArn).toBe(`${ARN}:visited:live`);
    expect(await (await fetch(`${isola.url}/url/visited:live/`)).text()).toBe('one');
    const host = new URL(url).host;
    expect(host).toMatch(/^[a-z2-7]{32}\.lambda-url\.us-east-1\.localhost/);
    expect((await fetch(`${isola.url}/url/visited/`)).status).toBe(403);
    await isola.client.send(new DeleteAliasCommand({ FunctionName: 'visited', Name: 'live' }));
    expect((await fetch(`${isola.url}/url/visited:live/`)).status).toBe(403);
    const { Aliases } = await isola.client.send(new ListAliasesCommand({ FunctionName: 'visited' }));
    expect(Aliases).toEqual([]);
  });
});
