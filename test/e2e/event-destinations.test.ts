import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { createEventsClient } from '../support/events-client.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createRole } from '../support/role.ts';
import { createSnsClient, TOPICS_MAY_SEND } from '../support/sns.ts';
import { createSqsClient } from '../support/sqs-client.ts';
import { guest } from '../support/wat.ts';

const arnOf = (queue: string): string => `arn:aws:sqs:us-east-1:000000000000:${queue}`;

describe('how an asynchronous event ended', () => {
  let isola: TestIsola;
  let sqs: SQSClient;
  let Role: string;
  beforeAll(async () => {
    isola = await startTestIsola({ ISOLA_THREADS: '2', ISOLA_ASYNC_RETRY_DELAYS: '0.01,0.01' });
    sqs = createSqsClient(isola.running);
    Role = await createRole(isola.running, 'teller', [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }]);
  });
  afterAll(async () => {
    sqs.destroy();
    await isola.stop();
  });
  const urlOf = (name: string): string => `${isola.url}/000000000000/${name}`;

  const createQueue = (QueueName: string, Attributes = {}) =>
    sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  const receive = async (name: string): Promise<Message> => {
    const options = { WaitTimeSeconds: 20, MessageAttributeNames: ['All'] };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf(name), ...options }));
    return Messages[0] as Message;
  };
  const send = async (FunctionName: string, event: unknown): Promise<string | undefined> => {
    const command = new InvokeCommand({
      FunctionName,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(event)),
    });
    return (await isola.client.send(command)).$metadata.requestId;
  };

  it("is told to the destination of those that succeeded, in Lambda's record", async () => {
    await createQueue('successes');
    await isola.create('good', guest('echo'), { Role });
    const DestinationConfig = { OnSuccess: { Destination: arnOf('successes') } };
    await isola.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'good', DestinationConfig }));
    const requestId = await send('good', { a: 1 });
    expect(JSON.parse((await receive('successes')).Body ?? '')).toEqual({
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      requestContext: {
        requestId,
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:good:$LATEST',
        condition: 'Success',
        approximateInvokeCount: 1,
      },
      requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: { a: 1 },
    });
  });

  it('is told to the destination of those that failed, and kept as a dead letter', async () => {
    for (const name of ['failures', 'dead']) await createQueue(name);
    await isola.create('bad', guest('trap'), { Role, DeadLetterConfig: { TargetArn: arnOf('dead') } });
    const DestinationConfig = { OnFailure: { Destination: arnOf('failures') } };
    await isola.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'bad', DestinationConfig }));
    const requestId = await send('bad', { poison: 'ü' });
    const record = JSON.parse((await receive('failures')).Body ?? '');
    expect(record).toMatchObject({
      requestContext: { requestId, condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { poison: 'ü' },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: expect.any(String), errorMessage: expect.any(String) },
    });
    expect(await receive('dead')).toMatchObject({
      Body: '{"poison":"ü"}',
      MessageAttributes: {
        RequestID: { DataType: 'String', StringValue: requestId },
        ErrorCode: { DataType: 'Number', StringValue: '200' },
        ErrorMessage: { DataType: 'String', StringValue: record.responsePayload.errorMessage },
      },
    });
  });

  it('is told to topics: the record to one, the dead letter with its attributes to another', async () => {
    const Role = await createRole(isola.running, 'publisher', [
      { Effect: 'Allow', Action: 'sns:Publish', Resource: 'arn:aws:sns:us-east-1:000000000000:*' },
    ]);
    const sns = createSnsClient(isola);
    const listen = async (Name: string, queue: string): Promise<string> => {
      await createQueue(queue, { Policy: TOPICS_MAY_SEND });
      const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name }));
      const subscription = {
        TopicArn,
        Protocol: 'sqs',
        Endpoint: arnOf(queue),
        Attributes: { RawMessageDelivery: 'true' },
      };
      await sns.send(new SubscribeCommand(subscription));
      return TopicArn;
    };
    const [told, dead] = [await listen('told', 'heard'), await listen('dead', 'buried')];
    await isola.create('worse', guest('trap'), { Role, DeadLetterConfig: { TargetArn: dead } });
    const DestinationConfig = { OnFailure: { Destination: told } };
    const settings = { FunctionName: 'worse', MaximumRetryAttempts: 0, DestinationConfig };
    await isola.client.send(new PutFunctionEventInvokeConfigCommand(settings));
    const requestId = await send('worse', { a: 1 });
    expect(JSON.parse((await receive('heard')).Body ?? '')).toMatchObject({
      ...{ version: '1.0', requestContext: { requestId, condition: 'RetriesExhausted' }, requestPayload: { a: 1 } },
    });
    expect(await receive('buried')).toMatchObject({
      Body: '{"a":1}',
      MessageAttributes: {
        RequestID: { DataType: 'String', StringValue: requestId },
        ErrorCode: { DataType: 'Number', StringValue: '200' },
        ErrorMessage: { DataType: 'String', StringValue: expect.stringMatching(/./) },
      },
    });
    sns.destroy();
  });

  it('is told to an event bus, in an envelope that rules can match', async () => {
    const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/default';
    const Role = await createRole(isola.running, 'putter', [
      { Effect: 'Allow', Action: 'events:PutEvents', Resource: bus },
    ]);
    const events = createEventsClient(isola.running);
    const Statement = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: '*', Resource: '*' };
    await createQueue('matched', { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
    const types = ['Success', 'Failure'].map((end) => `Lambda Function Invocation Result - ${end}`);
    const EventPattern = JSON.stringify({ source: ['lambda'], 'detail-type': types });
    await events.send(new PutRuleCommand({ Name: 'ends', EventPattern }));
    await events.send(new PutTargetsCommand({ Rule: 'ends', Targets: [{ Id: '1', Arn: arnOf('matched') }] }));
    const DestinationConfig = { OnSuccess: { Destination: bus }, OnFailure: { Destination: bus } };
    for (const [FunctionName, code, type] of [
      ['fine', guest('echo'), types[0]],
      ['foul', guest('trap'), types[1]],
    ] as const) {
      await isola.create(FunctionName, code, { Role });
      const settings = { FunctionName, MaximumRetryAttempts: 0, DestinationConfig };
      await isola.client.send(new PutFunctionEventInvokeConfigCommand(settings));
      const requestId = await send(FunctionName, { a: 1 });
      expect(JSON.parse((await receive('matched')).Body ?? '')).toMatchObject({
        ...{ source: 'lambda', 'detail-type': type, account: '000000000000', region: 'us-east-1' },
        resources: [bus, `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}:$LATEST`],
        detail: { version: '1.0', requestContext: { requestId }, requestPayload: { a: 1 } },
      });
    }
    events.destroy();
  });

  it('is told to another function, and once more to the next, until that goes round in circles', async () => {
    const Role = await createRole(isola.running, 'caller', [
      { Effect: 'Allow', Action: ['sqs:SendMessage', 'lambda:InvokeFunction'], Resource: '*' },
    ]);
    const arn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
    for (const name of ['ping', 'pong']) await isola.create(name, answering('{}'), { Role });
    for (const [FunctionName, other] of [
      ['ping', 'pong'],
      ['pong', 'ping'],
    ] as const) {
      const DestinationConfig = { OnSuccess: { Destination: arn(other) } };
      await isola.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig }));
    }
    await send('ping', { a: 1 });
    const ended = (name: string): string => `isola_async_events_total{function_name="${name}",ending="Success"}`;
    const metrics = async () => (await fetch(`${isola.url}/metrics`)).text();
    await expect.poll(metrics).toContain('isola_async_queued_events 0\n');
    const text = await metrics();
    expect([text.includes(`${ended('ping')} 17\n`), text.includes(`${ended('pong')} 16\n`)]).toEqual([true, true]);
  });

  it('is told of what could not run at all', async () => {
    await createQueue('unrun');
    await isola.create('stopped', guest('echo'), { Role, DeadLetterConfig: { TargetArn: arnOf('unrun') } });
    const none = { FunctionName: 'stopped', ReservedConcurrentExecutions: 0 };
    await isola.client.send(new PutFunctionConcurrencyCommand(none));
    await send('stopped', 7);
    expect(await receive('unrun')).toMatchObject({
      ...{ Body: '7', MessageAttributes: { ErrorMessage: { StringValue: 'RetriesExhausted' } } },
    });
  });

  it('is refused while the role does not allow it, in the words of Lambda', async () => {
    await createQueue('unheard');
    const TargetArn = arnOf('unheard');
    const said = {
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('call SendMessage on SQS'),
    };
    const settings = { DeadLetterConfig: { TargetArn } };
    await expect(isola.create('silent', guest('trap'), settings)).rejects.toMatchObject(said);
    for (const name of ['silent', 'noisy']) await isola.create(name, guest('trap'));
    const FunctionName = 'silent';
    const change = new UpdateFunctionConfigurationCommand({ FunctionName, ...settings });
    await expect(isola.client.send(change)).rejects.toMatchObject(said);
    for (const [Destination, operation] of [
      [TargetArn, 'SendMessage'],
      ['arn:aws:sns:us-east-1:000000000000:nobody', 'Publish'],
      ['arn:aws:lambda:us-east-1:000000000000:function:noisy', 'InvokeFunction'],
      ['arn:aws:events:us-east-1:000000000000:event-bus/default', 'PutEvents'],
    ]) {
      const DestinationConfig = { OnFailure: { Destination } };
      const put = new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig });
      await expect(isola.client.send(put)).rejects.toMatchObject({
        name: 'InvalidParameterValueException',
        message: `The function's execution role does not have permissions to call ${operation} on ${Destination}`,
      });
    }
    await isola.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Role, ...settings }));
  });

  it('is told nobody whom the role allows no more, and the event is done with', async () => {
    await createQueue('forbidden');
    const allowed = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };
    const Role = await createRole(isola.running, 'muted', [allowed]);
    await isola.create('mute', guest('trap'), { Role, DeadLetterConfig: { TargetArn: arnOf('forbidden') } });
    await createRole(isola.running, 'muted', [{ ...allowed, Effect: 'Deny' }]);
    await send('mute', {});
    const ended = 'isola_async_events_total{function_name="mute",ending="RetriesExhausted"} 1';
    await expect.poll(async () => (await fetch(`${isola.url}/metrics`)).text()).toContain(ended);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf('forbidden') }));
    expect(Messages).toBeUndefined();
  });
});
