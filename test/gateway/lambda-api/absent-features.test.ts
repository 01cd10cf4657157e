import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { absentOperations } from '../../../runtime/gateway/lambda-api/absent-features.ts';
import { createTestGateway } from '../fixture.ts';
import { routeOf } from './sdk-routes.ts';

const types = join(dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-lambda')), '../dist-types/commands');
const isModeled = (operation: string, error: string) =>
  readFileSync(join(types, `${operation}Command.d.ts`), 'utf8').includes(`@throws {@link ${error}}`);

describe('an operation of a feature that Isola has nothing of', () => {
  const operations = absentOperations();

  it.each(operations.map(({ name }) => name))('%s answers an error that its clients know', async (name) => {
    const { method, path } = routeOf(name);
    const answer = await createTestGateway({ operations }).gateway.request(path, { method });
    const error = String(answer.headers.get('x-amzn-errortype'));
    expect(isModeled(name, error)).toBe(true);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining(`${name} is not supported`) });
  });

  it('is told to no one who is not authenticated', async () => {
    const { method, path } = routeOf('CreateCapacityProvider');
    const answer = await createTestGateway({ operations, auth: 'on' }).gateway.request(path, { method });
    expect(answer.status).toBe(403);
  });
});
