import { resolve } from 'node:path';
import type { InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { buildFunction } from '../../runtime/cli/toolchain/build.ts';

let built: Promise<Uint8Array> | undefined;

/** The function of test/fixtures/sdk/recorder, which keeps what the records that it gets say. */
export async function recorder(): Promise<Uint8Array> {
  built ??= buildFunction(resolve('test/fixtures/sdk/recorder'), () => {}).then(({ wasm }) => wasm);
  return built;
}

/** What its role needs for that. */
export const RECORDS = { Effect: 'Allow', Action: 'isola:Kv*', Resource: '*' };

/** What it was told so far, in order. */
export async function recall(client: LambdaClient, FunctionName: string): Promise<readonly string[]> {
  const answer: InvokeCommandOutput = await client.send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from('{"recall":true}') }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString();
  if (answer.FunctionError !== undefined) throw new Error(text);
  return (JSON.parse(text) as string).split('\n').filter((line) => line !== '');
}
