import { type AccessKey, query, readKey } from './query-client.ts';

/** Makes a user who may do what `statements` say; answers a key of theirs. */
export async function createUser(
  {
    url,
    running: { credentialsFile },
  }: { readonly url: string; readonly running: { readonly credentialsFile: string } },
  UserName: string,
  statements: readonly unknown[],
): Promise<AccessKey> {
  const root = readKey(credentialsFile);
  const iam = async (action: string, form: Record<string, string> = {}) => {
    const answer = await query(url, root, 'iam', action, { UserName, ...form });
    if (answer.status !== 200) throw new Error(answer.xml);
    return answer;
  };
  await iam('CreateUser');
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  await iam('PutUserPolicy', { PolicyName: 'grants', PolicyDocument });
  const key = await iam('CreateAccessKey');
  return { accessKeyId: key.text('AccessKeyId') ?? '', secretAccessKey: key.text('SecretAccessKey') ?? '' };
}
