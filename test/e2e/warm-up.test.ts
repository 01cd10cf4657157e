import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestIsola, type TestIsola } from '../support/isola.ts';
import { assemble, guest } from '../support/wat.ts';

const warmedUpBy = (event: string) => ({ Environment: { Variables: { ISOLA_WARM_UP: event } } });

describe('a function that is warmed up when it is deployed', () => {
  let isola: TestIsola;
  beforeAll(async () => {
    isola = await startTestIsola();
  });
  afterAll(() => isola.stop());

  it('starts every invocation from what the event left, and again when the event changes', async () => {
    await isola.create('warm', guest('counter'), warmedUpBy('{}'));
    for (let round = 0; round < 3; round++) expect((await isola.invoke('warm')).payload).toBe(2);
    const cold = { FunctionName: 'warm', Environment: { Variables: {} } };
    await isola.client.send(new UpdateFunctionConfigurationCommand(cold));
    expect((await isola.invoke('warm')).payload).toBe(1);
  });

  it('is refused, in words, when the event fails', async () => {
    await expect(isola.create('failing', guest('trap'), warmedUpBy('{}'))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('ISOLA_WARM_UP cannot be used: Runtime.ExitError'),
    });
    await expect(isola.create('failing', guest('counter'), warmedUpBy('{'))).rejects.toMatchObject({
      message: expect.stringContaining('it must be an event, as JSON'),
    });
  });

  it('says what was read of chance before the image was taken', async () => {
    const wasm = assemble(`(module
      (import "isola" "random" (func $random (param i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func $start (drop (call $random (i32.const 0) (i32.const 8))))
      (start $start)
      (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "handler") (param i32 i32) (result i64) (i64.const 0)))`);
    await isola.create('drawn', wasm);
    const { State, StateReason } = await isola.client.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'drawn' }),
    );
    expect(State).toBe('Active');
    expect(StateReason).toContain('Initialisation read random numbers (isola.random)');
  });
});
