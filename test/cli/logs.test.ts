import { CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { createLogsClient } from '../support/logs-client.ts';
import { readKey } from '../support/query-client.ts';
import { guest } from '../support/wat.ts';
import { createShell, type Shell } from './command-line.ts';

let isola: TestIsola;
let shell: Shell;
beforeAll(async () => {
  isola = await startTestIsola();
  const { accessKeyId, secretAccessKey } = readKey(isola.running.credentialsFile);
  const key = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  shell = await createShell({ AWS_ENDPOINT_URL: isola.url, ...key });
  await isola.create('f', guest('logging'), { LoggingConfig: { LogGroup: '/mine' } });
  await isola.invoke('f', { a: 1 });
});
afterAll(async () => {
  await shell.remove();
  await isola.stop();
});

describe('logs', () => {
  it('shows what a function logged, with the time of each line', async () => {
    const { parts, exitCode } = await shell.type('logs', 'f');
    const stdout = parts.join('');
    expect(exitCode).toBe(0);
    const time = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}  ';
    expect(stdout).toMatch(
      new RegExp(`^${time}START RequestId: .*\\n${time}INFO\\t\\{"a":1\\}\\n${time}END .*\\n${time}REPORT .*\\n$`),
    );
    expect((await shell.type('logs', 'f', '--filter', 'INFO')).parts.join('')).toMatch(
      /^\S+ \S+ {2}INFO\t\{"a":1\}\n$/,
    );
    expect(
      JSON.parse((await shell.type('logs', 'f', '--json', '--filter=-REPORT', '--since', '1h')).stdout),
    ).toMatchObject({
      logGroupName: '/mine',
      events: [{ message: /^START/ }, { message: 'INFO\t{"a":1}\n' }, { message: /^END/ }].map(({ message }) => ({
        message: typeof message === 'string' ? message : expect.stringMatching(message),
        eventId: expect.any(String),
      })),
    });
  });

  it('says so when there is nothing to show', async () => {
    const { parts, notes, exitCode } = await shell.type('logs', 'f', '--filter', 'never-said');
    expect({ parts, exitCode }).toEqual({ parts: [], exitCode: 0 });
    expect(notes).toEqual(['f logged nothing such in 10m: --since 7d looks further back, --follow waits.']);
    expect((await shell.type('logs', 'f', '--filter', 'never-said', '--json')).notes).toEqual([]);
  });

  it('follows it, each line once', async () => {
    const shown: string[] = [];
    shell.wrote = (part) => {
      shown.push(part.trim().split('\t').at(-1) ?? '');
      if (shown.length === 3) throw new Error('the terminal is gone');
      void isola.invoke('f', { turn: shown.length });
    };
    const { exitCode, stderr } = await shell.type('logs', 'f', '-f', '--filter', 'INFO');
    shell.wrote = () => undefined;
    expect([exitCode, stderr, shown]).toEqual([
      ...[1, 'isola: the terminal is gone\n'],
      ['{"a":1}', '{"turn":1}', '{"turn":2}'],
    ]);
  });

  it('obeys nothing that a line says to the terminal', async () => {
    const logs = createLogsClient(isola);
    const stream = { logGroupName: '/aws/lambda/odd', logStreamName: 's' };
    await logs.send(new CreateLogGroupCommand(stream));
    await logs.send(new CreateLogStreamCommand(stream));
    const logEvents = [{ timestamp: Date.now(), message: '\u001b[2Jgone\u0007' }];
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    logs.destroy();
    expect((await shell.type('logs', 'odd')).parts.join('')).toMatch(/ {2}\\u\{1b\}\[2Jgone\\u\{7\}\n$/);
  });

  it('says what is wrong', async () => {
    const fails = async (...argv: readonly string[]) => {
      const { exitCode, stderr } = await shell.type('logs', ...argv);
      return [exitCode, stderr];
    };
    expect(await fails('nobody')).toEqual([1, expect.stringContaining('There is no function nobody')]);
    expect(await fails('f', '--since', 'noon')).toEqual([2, expect.stringContaining('--since takes a time')]);
    expect(await fails('f', '--filter', '{ $.a }')).toEqual([1, expect.stringContaining('Invalid filter pattern')]);
    await isola.create('quiet', guest('logging'));
    expect(await shell.type('logs', 'quiet')).toMatchObject({ exitCode: 0, stdout: '', parts: [] });
  });
});
