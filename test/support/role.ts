import { join } from 'node:path';
import { Identities } from '../../runtime/identity/identities.ts';
import { openDatabase, SqliteResourceStore } from '../../runtime/store/index.ts';

const TRUST = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

/** Makes an execution role in a data directory that nobody serves from; answers its ARN. */
export async function createRole(dataDir: string, name: string, statements: readonly unknown[]): Promise<string> {
  const database = openDatabase(join(dataDir, 'isola.db'));
  const accountId = '000000000000';
  const identities = new Identities({
    ...{ store: new SqliteResourceStore(database), accountId, clock: Date.now },
    cipher: { seal: (secret) => secret, unseal: (sealed) => sealed },
  });
  await identities.open();
  const arn = `arn:aws:iam::${accountId}:role/${name}`;
  await identities.roles.create({
    ...{ name, arn, path: '/', id: 'AROATESTTESTTESTTESTA', createdAt: 0, tags: {}, inline: {}, attached: [] },
    ...{ description: undefined, maxSessionSeconds: 3_600 },
    trust: JSON.stringify({ Version: '2012-10-17', Statement: [TRUST] }),
  });
  await identities.roles.putInline(name, 'grants', JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  database.close();
  return arn;
}
