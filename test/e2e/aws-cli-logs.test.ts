import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsCli, canRunAws, createAwsCli } from '../support/aws-cli.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';

describe.skipIf(!canRunAws)("CloudWatch Logs by the AWS CLI (needs Debian's package awscli)", () => {
  let isola: TestIsola;
  let aws: AwsCli;
  beforeAll(async () => {
    isola = await startTestIsola();
    aws = createAwsCli(isola);
    await isola.create('f', guest('logging'));
    await isola.invoke('f', { first: 1 });
  });
  afterAll(async () => {
    await isola.stop();
    aws.close();
  });

  it('shows what a function said, and goes on with what it says then', async () => {
    const { stdout } = await promisify(execFile)(...aws.command('logs tail /aws/lambda/f --since 5m --format short'));
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^\S+ START RequestId: \S+ Version: \$LATEST$/),
      expect.stringMatching(/^\S+ INFO\t\{"first":1\}$/),
      expect.stringMatching(/^\S+ END RequestId: /),
      expect.stringMatching(/^\S+ REPORT RequestId: /),
      '',
    ]);
    const follower: ChildProcess = spawn(
      ...aws.command('logs tail /aws/lambda/f --since 5m --follow --filter-pattern INFO'),
    );
    try {
      let seen = '';
      const said = (text: string): Promise<void> =>
        new Promise((resolve) => {
          const look = (): void => {
            if (!seen.includes(text)) return;
            follower.stdout?.off('data', look);
            resolve();
          };
          follower.stdout?.on('data', look);
          look();
        });
      follower.stdout?.on('data', (chunk: Buffer) => {
        seen += chunk.toString();
      });
      await said('"first"');
      for (const turn of [2, 3]) {
        await isola.invoke('f', { turn });
        await said(`{"turn":${turn}}`);
      }
      expect(seen.match(/"first"|"turn"/g)).toHaveLength(3);
    } finally {
      follower.kill();
    }
  }, 120_000);

  it('searches, and lists streams and their events', async () => {
    const found = await aws.type(
      `logs filter-log-events --log-group-name /aws/lambda/f --filter-pattern '"{\\"first\\""'`,
    );
    expect(found).toMatchObject({ events: [{ message: 'INFO\t{"first":1}\n' }] });
    const { logStreams } = (await aws.type(
      'logs describe-log-streams --log-group-name /aws/lambda/f --order-by LastEventTime --descending --max-items 1',
    )) as { logStreams: readonly { logStreamName: string }[] };
    const name = logStreams[0]?.logStreamName ?? '';
    expect(name).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    const { events } = (await aws.type(
      `logs get-log-events --log-group-name /aws/lambda/f --log-stream-name '${name}' --start-from-head --limit 2`,
    )) as { events: readonly { message: string }[] };
    expect(events.map(({ message }) => message)).toEqual([expect.stringMatching(/^START /), 'INFO\t{"first":1}\n']);
    expect(await aws.type('logs describe-log-groups --log-group-name-prefix /aws/lambda/')).toMatchObject({
      logGroups: [{ logGroupName: '/aws/lambda/f' }],
    });
    await aws.type('logs put-retention-policy --log-group-name /aws/lambda/f --retention-in-days 7');
    await aws.type('logs delete-log-group --log-group-name /aws/lambda/f');
    await expect(aws.type('logs tail /aws/lambda/f')).rejects.toThrow(/ResourceNotFoundException/);
  }, 120_000);
});
