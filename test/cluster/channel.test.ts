import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Channel } from '../../runtime/cluster/channel.ts';
import { LambdaError } from '../../runtime/contract/errors.ts';

describe('a channel between processes', () => {
  let sockets: readonly [Socket, Socket];
  let mine: Channel;
  let theirs: Channel;
  const told: unknown[] = [];
  let closed: readonly string[];
  beforeEach(async () => {
    told.length = 0;
    const ends: string[] = [];
    closed = ends;
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [far] = (await once(server, 'connection')) as [Socket];
    server.close();
    sockets = [near, far];
    mine = new Channel(near, { asked: async () => 'mine', told: () => undefined, closed: () => ends.push('mine') });
    theirs = new Channel(far, {
      asked: async (kind, question) => {
        if (kind === 'fail') throw new LambdaError('TooManyRequestsException', 'no', { members: { Reason: 'r' } });
        if (kind === 'break') throw new TypeError('a bug');
        return kind === 'never' ? new Promise(() => undefined) : { kind, question };
      },
      told: (kind, message) => told.push([kind, message]),
      closed: () => ends.push('theirs'),
    });
  });
  afterEach(() => {
    mine.close();
    theirs.close();
  });

  it('answers questions of both ends, whatever comes first, with structured clones', async () => {
    const question = { map: new Map([['a', Uint8Array.of(1, 2)]]), budget: Number.POSITIVE_INFINITY, none: undefined };
    const answers = await Promise.all([mine.ask('one', question), mine.ask('two', 2), theirs.ask('three', 3)]);
    expect(answers).toEqual([{ kind: 'one', question }, { kind: 'two', question: 2 }, 'mine']);
  });

  it('carries frames larger than any chunk, and many in one', async () => {
    const large = Buffer.alloc(3_000_000, 7);
    const all = await Promise.all([
      mine.ask('large', large),
      ...Array.from({ length: 200 }, (_, i) => mine.ask('small', i)),
    ]);
    expect(Buffer.from((all[0] as { question: Uint8Array }).question).equals(large)).toBe(true);
    expect(all.slice(1)).toEqual(Array.from({ length: 200 }, (_, question) => ({ kind: 'small', question })));
  });

  it('takes frames apart that come byte by byte', async () => {
    const [near, far] = sockets;
    const bytes: Buffer[] = [];
    const write = near.write.bind(near) as (chunk: Buffer) => boolean;
    near.write = ((chunk: Buffer) => bytes.push(chunk) > 0) as typeof near.write;
    mine.tell('slow', { a: 1 });
    mine.tell('slow', { b: 2 });
    near.write = write as typeof near.write;
    for (const byte of Buffer.concat(bytes)) far.emit('data', Buffer.of(byte));
    expect(told).toEqual([
      ['slow', { a: 1 }],
      ['slow', { b: 2 }],
    ]);
  });

  it('throws where the question was asked, errors of the API as they are', async () => {
    await expect(mine.ask('fail', {})).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      message: 'no',
      members: { Reason: 'r' },
    });
    const broken = mine.ask('break', {});
    await expect(broken).rejects.toThrow('a bug');
    await expect(broken).rejects.not.toBeInstanceOf(LambdaError);
  });

  it('fails what waits when the other end goes, and what is asked then', async () => {
    const waiting = mine.ask('never', {});
    theirs.close();
    await expect(waiting).rejects.toMatchObject({ code: 'ServiceException' });
    await expect(mine.ask('one', {})).rejects.toMatchObject({ code: 'ServiceException' });
    await expect.poll(() => [...closed].sort()).toEqual(['mine', 'theirs']);
  });
});
