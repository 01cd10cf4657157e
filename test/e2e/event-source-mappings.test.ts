import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListTagsCommand,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../support/answering-guest.ts';
import { startTestIsola, type TestIsola } from '../support/isola.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:orders';
const STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks';

describe('event-source mappings, by the SDK', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
    await isola.create('f', answering('{}'));
  });
  afterAll(() => isola.stop());

  it('live from Creating to Deleting', async () => {
    const created = await isola.client.send(
      new CreateEventSourceMappingCommand({ FunctionName: 'f', EventSourceArn: QUEUE, Tags: { team: 'shop' } }),
    );
    expect(created).toMatchObject({
      $metadata: { httpStatusCode: 202 },
      State: 'Creating',
      BatchSize: 10,
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      LastModified: expect.any(Date),
    });
    expect(Math.abs(Date.now() - (created.LastModified?.getTime() ?? 0))).toBeLessThan(60_000);
    const { UUID, EventSourceMappingArn: Resource } = created;
    expect((await isola.client.send(new GetEventSourceMappingCommand({ UUID }))).State).toBe('Enabled');
    expect((await isola.client.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ team: 'shop' });
    const FilterCriteria = { Filters: [{ Pattern: JSON.stringify({ body: { kind: ['sale'] } }) }] };
    const changed = await isola.client.send(
      new UpdateEventSourceMappingCommand({ UUID, Enabled: false, FilterCriteria }),
    );
    expect(changed).toMatchObject({ $metadata: { httpStatusCode: 202 }, State: 'Disabling', FilterCriteria });
    const deleted = await isola.client.send(new DeleteEventSourceMappingCommand({ UUID }));
    expect(deleted).toMatchObject({ $metadata: { httpStatusCode: 202 }, State: 'Deleting' });
    await expect(isola.client.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('are listed in pages, moments and all', async () => {
    const StartingPositionTimestamp = new Date(1_700_000_000_000);
    for (let i = 0; i < 5; i++) {
      await isola.client.send(
        new CreateEventSourceMappingCommand({
          ...{ FunctionName: 'f', EventSourceArn: `${STREAM}-${i}`, StartingPosition: 'AT_TIMESTAMP' },
          StartingPositionTimestamp,
        }),
      );
    }
    const sources: (string | undefined)[] = [];
    const pages = paginateListEventSourceMappings({ client: isola.client, pageSize: 2 }, { FunctionName: 'f' });
    for await (const { EventSourceMappings = [] } of pages) {
      expect(EventSourceMappings.length).toBeLessThanOrEqual(2);
      for (const each of EventSourceMappings) {
        expect(each.StartingPositionTimestamp).toEqual(StartingPositionTimestamp);
        sources.push(each.EventSourceArn);
      }
    }
    expect(sources.sort()).toEqual([0, 1, 2, 3, 4].map((i) => `${STREAM}-${i}`));
  });
});
