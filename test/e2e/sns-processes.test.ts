import { expect, it, onTestFinished } from 'vitest';
import { startTestProcesses } from '../support/processes.ts';
import { query, readKey } from '../support/query-client.ts';
import { TOPICS_MAY_SEND } from '../support/sns.ts';

it('lets topics be asked for through any of several processes, by links too', async () => {
  const isola = await startTestProcesses({});
  onTestFinished(() => isola.stop());
  const { url, credentialsFile } = isola.server;
  const key = readKey(credentialsFile);
  const call = async (service: 'sns' | 'sqs', action: string, form: Record<string, string>) => {
    const answer = await query(url, key, service, action, form);
    expect([action, answer.status]).toEqual([action, 200]);
    return answer;
  };
  const arnOf = (service: string, name: string): string => `arn:aws:${service}:us-east-1:000000000000:${name}`;
  const policy = { 'Attribute.1.Name': 'Policy', 'Attribute.1.Value': TOPICS_MAY_SEND };
  await call('sqs', 'CreateQueue', { QueueName: 'all', ...policy });
  await call('sns', 'CreateTopic', { Name: 'all' });
  await call('sns', 'Subscribe', { TopicArn: arnOf('sns', 'all'), Protocol: 'sqs', Endpoint: arnOf('sqs', 'all') });
  // A connection each, so that both processes have some of them.
  const messages = Array.from({ length: 20 }, (_, at) => `message ${at}`);
  await Promise.all(messages.map((Message) => call('sns', 'Publish', { TopicArn: arnOf('sns', 'all'), Message })));
  const received = new Map<string, string>();
  while (received.size < messages.length) {
    const options = { MaxNumberOfMessages: '10', WaitTimeSeconds: '20', VisibilityTimeout: '600' };
    const bodies = (await call('sqs', 'ReceiveMessage', { QueueUrl: 'all', ...options })).texts('Body');
    expect(bodies.length).toBeGreaterThan(0);
    for (const body of bodies) {
      const { Message, SigningCertURL } = JSON.parse(body.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
      received.set(Message, SigningCertURL);
    }
  }
  expect([...received.keys()].sort()).toEqual([...messages].sort());
  const certificate = received.values().next().value ?? '';
  const links = Array.from({ length: 8 }, () => fetch(certificate, { headers: { connection: 'close' } }));
  expect((await Promise.all(links)).map(({ status }) => status)).toEqual(links.map(() => 200));
  const unknown = `${url}/?Action=ConfirmSubscription&TopicArn=${arnOf('sns', 'all')}&Token=${'0'.repeat(128)}`;
  const refused = Array.from({ length: 8 }, () => fetch(unknown, { headers: { connection: 'close' } }));
  expect((await Promise.all(refused)).map(({ status }) => status)).toEqual(refused.map(() => 400));
}, 120_000);
