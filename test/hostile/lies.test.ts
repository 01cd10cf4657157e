import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exitedBy, expectTimeout, type HostileIsola, ownError, startHostileIsola } from './hostile-isola.ts';

let hostile: HostileIsola;
beforeAll(async () => {
  hostile = await startHostileIsola();
  const fixtures = [
    'lying-allocator',
    'lying-assemblyscript',
    'bad-utf8',
    'wild-result',
    'huge-result',
    'wild-pointers',
  ];
  const others = ['flood', 'early-exit', 'exit-at-start', 'early-env'];
  const Environment = { Variables: { SECRET: 'hidden' } };
  await Promise.all([...fixtures, ...others].map((fixture) => hostile.deploy(fixture, { Environment })));
  const endless = ['lying-assemblyscript', 'flood', 'log-flood'];
  await Promise.all(endless.map((fixture) => hostile.deployBrief(fixture)));
});
afterEach(() => hostile.assertUnharmed());
afterAll(() => hostile.stop());

describe('a guest that lies', () => {
  it.each([
    ['a range far outside', 'lying-allocator', 1, ownError('Runtime.InvalidPointer')],
    ['a range across the end', 'lying-allocator', 12, ownError('Runtime.InvalidPointer')],
    ['a trap', 'lying-allocator', 123, exitedBy('trap: unreachable')],
    ['a range across the end of a memory just grown', 'lying-allocator', 123456, ownError('Runtime.InvalidPointer')],
    ['an odd pointer', 'lying-assemblyscript', 1, { error: undefined, payload: 7 }],
    ['a string far outside', 'lying-assemblyscript', 12, ownError('Runtime.InvalidPointer')],
    ['a string across the end', 'lying-assemblyscript', 123, ownError('Runtime.InvalidPointer')],
    ['a trap for a string', 'lying-assemblyscript', 1234, exitedBy('trap: unreachable')],
    ['null for a string', 'lying-assemblyscript', 123456, { error: undefined, payload: 7 }],
    ['a string of four gigabytes', 'lying-assemblyscript', 1234567, ownError('Function.ResponseSizeTooLarge')],
    ['a result outside of its memory', 'wild-result', 0, ownError('Runtime.InvalidPointer')],
    ['a result of four gigabytes', 'huge-result', 0, ownError('Function.ResponseSizeTooLarge')],
    ['bytes that are not UTF-8', 'bad-utf8', 0, ownError('Runtime.InvalidResponse')],
    ['wild pointers to the host', 'wild-pointers', 0, { error: undefined, payload: 1 }],
  ])('answers %s, and hurts itself alone', async (_, name, event, answer) => {
    expect(await hostile.invoke(name, event)).toMatchObject(answer);
    expect(await hostile.invoke(name, event)).toMatchObject(answer);
  });

  it('about a string for ever is stopped at its timeout', async () => {
    await expectTimeout(() => hostile.invoke('brief-lying-assemblyscript', 12345));
  });

  it.each([
    ['its handler', 'early-exit', 0],
    ['its allocator', 'early-exit', 12],
    ['its start function', 'exit-at-start', 0],
  ])('leaves by proc_exit(0) in %s without a result', async (_, name, event) => {
    expect(await hostile.invoke(name, event)).toMatchObject(exitedBy('Runtime exited without providing a reason'));
  });
});

describe('a guest that floods', () => {
  it('stdout until it is told that there is no more room', async () => {
    expect(await hostile.invoke('flood', 0)).toMatchObject(ownError('Function.ResponseSizeTooLarge'));
  });

  it.each([
    ['stdout, not listening', 'flood', 1],
    ['stderr by the byte', 'flood', 2],
    ['stderr by 64 KiB', 'flood', 3],
    ['its log', 'log-flood', 0],
  ])('%s is stopped at its timeout', async (_, name, event) => {
    await expectTimeout(() => hostile.invoke(`brief-${name}`, event));
  });
});

describe('the environment', () => {
  it('is not there while a guest starts', async () => {
    expect(await hostile.invoke('early-env')).toMatchObject({ payload: '01' });
    expect(await hostile.invoke('early-env')).toMatchObject({ payload: '01' });
  });
});
