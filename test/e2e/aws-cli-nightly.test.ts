import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsCli, canRunAws, createAwsCli } from '../support/aws-cli.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { guest } from '../support/wat.ts';
import { zip } from '../support/zip.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:nightly-job';
const RULE = 'arn:aws:events:us-east-1:000000000000:rule/nightly';

describe.skipIf(!canRunAws)("a nightly job, by the AWS CLI (needs Debian's package awscli)", () => {
  let isola: TestIsola;
  let aws: AwsCli;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_THREADS: '2' });
    aws = createAwsCli(isola);
    aws.write('function.zip', await zip({ bootstrap: guest('logging') }));
  });
  afterAll(async () => {
    await isola.stop();
    aws.close();
  });

  it('does what a tutorial types, word for word', { timeout: 600_000 }, async () => {
    const settings = '--runtime provided.al2023 --handler index.handler --role arn:aws:iam::000000000000:role/isola';
    await aws.type(`lambda create-function --function-name nightly-job ${settings} --zip-file fileb://function.zip`);

    const put = 'events put-rule --name nightly --schedule-expression';
    expect(await aws.type(`${put} "cron(0 2 * * ? *)"`)).toEqual({ RuleArn: RULE });
    const permission = `--statement-id nightly --action lambda:InvokeFunction --principal events.amazonaws.com`;
    await aws.type(`lambda add-permission --function-name nightly-job ${permission} --source-arn ${RULE}`);
    const targets = `'[{"Id": "1", "Arn": "${FUNCTION}", "Input": "{\\"job\\": \\"clean up\\"}"}]'`;
    const aimed = await aws.type(`events put-targets --rule nightly --targets ${targets}`);
    expect(aimed).toEqual({ FailedEntryCount: 0, FailedEntries: [] });
    expect(await aws.type('events describe-rule --name nightly')).toMatchObject({
      ...{ Arn: RULE, ScheduleExpression: 'cron(0 2 * * ? *)', State: 'ENABLED' },
    });
    expect(await aws.type('events list-targets-by-rule --rule nightly')).toMatchObject({
      Targets: [{ Id: '1', Arn: FUNCTION }],
    });

    // Not to wait for the night.
    await aws.type(`${put} "rate(1 minute)"`);
    const filter = '--log-group-name /aws/lambda/nightly-job --filter-pattern clean';
    const said = async () => {
      const found = await aws.type(`logs filter-log-events ${filter}`).catch(() => ({ events: [] }));
      return (found as { events: readonly { message: string }[] }).events.map(({ message }) => message);
    };
    await expect
      .poll(said, { timeout: 300_000, interval: 5_000 })
      .toContainEqual(expect.stringContaining('{"job": "clean up"}'));

    await aws.type('events disable-rule --name nightly');
    expect(await aws.type('events describe-rule --name nightly')).toMatchObject({ State: 'DISABLED' });
    await aws.type('events remove-targets --rule nightly --ids 1');
    await aws.type('events delete-rule --name nightly');
    await expect(aws.type('events describe-rule --name nightly')).rejects.toThrow(/ResourceNotFoundException/);
  });
});
