import {
  GetAccountSettingsCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';

const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:tagged';

describe('tags and the account, by the SDK', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
    await isola.create('tagged', answering('1'), { Tags: { team: 'a', stage: 'dev' } });
  });
  afterAll(() => isola.stop());

  const tag = (Tags: Record<string, string>, arn = Resource) =>
    isola.client.send(new TagResourceCommand({ Resource: arn, Tags }));
  const tags = async () => (await isola.client.send(new ListTagsCommand({ Resource }))).Tags;

  it('tags are merged, removed, and shown with the function', async () => {
    await tag({ team: 'b', 'cost:center': '7' });
    expect(await tags()).toEqual({ team: 'b', stage: 'dev', 'cost:center': '7' });
    await isola.client.send(new UntagResourceCommand({ Resource, TagKeys: ['stage', 'cost:center', 'none'] }));
    const found = await isola.client.send(new GetFunctionCommand({ FunctionName: 'tagged' }));
    expect(found.Tags).toEqual({ team: 'b' });
  });

  it('tags are no revision: they change while a revision is held', async () => {
    const revision = async () =>
      (await isola.client.send(new GetFunctionCommand({ FunctionName: 'tagged' }))).Configuration?.RevisionId;
    const before = await revision();
    await tag({ when: 'now' });
    expect(await revision()).toBe(before);
  });

  it.each([
    ['a version', `${Resource}:1`, { a: 'b' }, 'InvalidParameterValueException', /aliases and versions are not/],
    ['a function that is not there', `${Resource}x`, { a: 'b' }, 'ResourceNotFoundException', /Function not found: /],
    ['a name', 'tagged', { a: 'b' }, 'ValidationException', /'resource' failed/],
    ['a layer', Resource.replace('function:', 'layer:'), { a: 'b' }, 'ValidationException', /'resource' failed/],
    ['a reserved key', Resource, { 'aws:x': 'b' }, 'InvalidParameterValueException', /reserved/],
    [
      'one tag too many',
      Resource,
      Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v'])),
      'InvalidParameterValueException',
      /^Number of tags exceeds resource tag limit\.$/,
    ],
  ])('refuse %s, and change nothing', async (_what, arn, more, name, message) => {
    const before = await tags();
    await expect(tag(more, arn)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
    expect(await tags()).toEqual(before);
  });

  it('the account shows what its functions take, and no function is signed', async () => {
    const { AccountUsage, AccountLimit } = await isola.client.send(new GetAccountSettingsCommand({}));
    const { Configuration } = await isola.client.send(new GetFunctionCommand({ FunctionName: 'tagged' }));
    expect(AccountUsage).toEqual({ FunctionCount: 1, TotalCodeSize: Configuration?.CodeSize });
    expect(AccountLimit).toMatchObject({ CodeSizeZipped: 52_428_800, CodeSizeUnzipped: 262_144_000 });
    const signing = await isola.client.send(new GetFunctionCodeSigningConfigCommand({ FunctionName: 'tagged' }));
    expect(signing).toMatchObject({ CodeSigningConfigArn: '', FunctionName: 'tagged' });
    await expect(
      isola.client.send(new GetFunctionCodeSigningConfigCommand({ FunctionName: 'none' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
