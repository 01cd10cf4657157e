import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsCli, canRunAws, createAwsCli } from '../support/aws-cli.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { RECORDS, recall, recorder } from '../support/recorder.ts';
import { createRole } from '../support/role.ts';

const PATIENCE = { timeout: 60_000, interval: 200 };

describe.skipIf(!canRunAws)("a queue and its function by the AWS CLI (needs Debian's package awscli)", () => {
  let isola: TestIsola;
  let aws: AwsCli;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_THREADS: '2' });
    aws = createAwsCli(isola);
    const Role = await createRole(isola.running, 'worker', [RECORDS]);
    await isola.create('f', await recorder(), { Role });
  });
  afterAll(async () => {
    await isola.stop();
    aws.close();
  });

  it('are mapped, changed, and parted again', async () => {
    const policy = 'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole';
    await aws.type(`iam attach-role-policy --role-name worker --policy-arn ${policy}`);
    const { QueueUrl: url } = await aws.type('sqs create-queue --queue-name orders');
    const source = 'arn:aws:sqs:us-east-1:000000000000:orders';
    const created = await aws.type(
      `lambda create-event-source-mapping --function-name f --event-source-arn ${source} --batch-size 5`,
    );
    expect(created).toMatchObject({ State: 'Creating', BatchSize: 5, EventSourceArn: source });
    await aws.type(`sqs send-message --queue-url ${url} --message-body hello`);
    await expect.poll(() => recall(isola.client, 'f'), PATIENCE).toEqual(['hello']);
    const uuid = String(created.UUID);
    const filters = `'{"Filters":[{"Pattern":"{\\"body\\":{\\"kind\\":[\\"sale\\"]}}"}]}'`;
    const changed = await aws.type(
      `lambda update-event-source-mapping --uuid ${uuid} --filter-criteria ${filters} --function-response-types ReportBatchItemFailures`,
    );
    expect(changed).toMatchObject({ State: 'Updating', FunctionResponseTypes: ['ReportBatchItemFailures'] });
    for (const body of ['{"kind":"offer"}', '{"kind":"sale"}']) {
      await aws.type(`sqs send-message --queue-url ${url} --message-body '${body}'`);
    }
    await expect.poll(() => recall(isola.client, 'f'), PATIENCE).toEqual(['hello', '{"kind":"sale"}']);
    const { EventSourceMappings } = await aws.type('lambda list-event-source-mappings --function-name f');
    expect(EventSourceMappings).toMatchObject([{ UUID: uuid, State: 'Enabled', LastProcessingResult: 'OK' }]);
    expect(await aws.type(`lambda delete-event-source-mapping --uuid ${uuid}`)).toMatchObject({ State: 'Deleting' });
    await aws.type(`sqs send-message --queue-url ${url} --message-body stays`);
    const received = await aws.type(`sqs receive-message --queue-url ${url} --wait-time-seconds 20`);
    expect(received.Messages).toMatchObject([{ Body: 'stays' }]);
  }, 120_000);
});
