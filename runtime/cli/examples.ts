import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from './command.ts';
import { readFolder } from './commands/deploy.ts';
import { deployFunction } from './deployment.ts';
import { CliError } from './failure.ts';
import type { LambdaClient } from './lambda-client.ts';

/**
 * Deploys every folder of `functions/` through the public API. One that cannot be built
 * or deployed (say, for want of a C compiler) is noted and left out; the others do not suffer.
 */
export async function deployExamples(client: LambdaClient, host: Host): Promise<void> {
  const root = join(host.home, 'functions');
  const entries = await readdir(root, { withFileTypes: true }).catch(() => {
    throw new CliError(`There are no examples in ${root}: start without --examples.`);
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  for (const [index, folder] of folders.sort().entries()) {
    host.progress(`example ${index + 1} of ${folders.length}: ${folder}`);
    try {
      const source = await readFolder(join(root, folder), host);
      const accountId = host.env.ISOLA_ACCOUNT_ID || '000000000000';
      await deployFunction(client, { ...source, accountId }, host.progress);
    } catch (error) {
      host.note(`${folder} is left out: ${(error as Error).message}`);
    }
  }
}
