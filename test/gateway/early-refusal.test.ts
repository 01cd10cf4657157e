import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentObserver } from '../../runtime/contract/observer.ts';
import { createTestGateway, INVOKE_HELLO, type Setup } from './fixture.ts';

/** Sends the head of a request whose body of 5 MB never comes, and answers what is said to it. */
async function announce(path: string, setup: Setup, headers = ''): Promise<{ answer: string; throttled: string[] }> {
  const throttled: string[] = [];
  const { gateway } = createTestGateway({
    refusal: () => 'ConcurrentInvocationLimitExceeded',
    observer: {
      ...silentObserver,
      invocationEnded: ({ target }, { kind }) => void throttled.push(`${target.name} ${kind}`),
    },
    bodyTimeoutMs: 200,
    ...setup,
  });
  onTestFinished(() => gateway.close());
  const { port } = await gateway.listen('127.0.0.1', 0);
  const socket = connect(port, '127.0.0.1');
  socket.write(`POST ${path} HTTP/1.1\r\nhost: a\r\n${headers}content-length: 5000000\r\n\r\n{`);
  return { answer: await text(socket), throttled };
}

describe('a large body when there is no room', () => {
  it.each([
    ['of an invocation', INVOKE_HELLO],
    ["of a function URL's visitor", '/url/hello/'],
  ])('%s is refused before it is read, and counted', async (_what, path) => {
    const { answer, throttled } = await announce(path, {});
    expect(answer).toMatch(/^HTTP\/1\.1 429 /);
    expect(answer).toContain('retry-after: 1\r\n');
    expect(answer).toContain('"Reason":"ConcurrentInvocationLimitExceeded"');
    expect(throttled).toEqual(['hello refused']);
  });

  it.each([
    ['when there is room', INVOKE_HELLO, { refusal: () => undefined }, ''],
    ['of an event for later', INVOKE_HELLO, {}, 'x-amz-invocation-type: Event\r\n'],
    ['of a function that nobody has', INVOKE_HELLO.replace('hello', 'nobody'), {}, ''],
  ])('is waited for %s', async (_what, path, setup, headers) => {
    const { answer, throttled } = await announce(path, setup, headers);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(throttled).toEqual([]);
  });
});
