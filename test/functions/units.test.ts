import { describe, expect, it } from 'vitest';
import { callExample } from '../support/guest.ts';
import { type HttpAnswer, type HttpParts, httpEvent } from '../support/http-event.ts';

async function call(method: string, target: string, parts?: HttpParts): Promise<{ status: number; body: unknown }> {
  const answer = (await callExample('units', httpEvent(method, target, parts))) as HttpAnswer;
  expect(answer.headers['content-type']).toBe('application/json');
  return { status: answer.statusCode, body: JSON.parse(answer.body) };
}

const post = (body: unknown): ReturnType<typeof call> =>
  call('POST', '/convert', { body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('units', () => {
  it('lists its units', async () => {
    expect(await call('GET', '/')).toMatchObject({ status: 200, body: { km: 'length', lb: 'mass', F: 'temperature' } });
  });

  it('converts one value from the query', async () => {
    expect(await call('GET', '/convert?value=26.2&from=mi&to=km')).toEqual({
      status: 200,
      body: { unit: 'km', values: [42.1648128] },
    });
  });

  it('converts many from a body', async () => {
    expect(await post({ from: 'C', to: 'F', values: [-40, 0, 37, 100] })).toEqual({
      status: 200,
      body: { unit: 'F', values: [-40, 32, 98.6, 212] },
    });
    expect(await post({ from: 'F', to: 'C', values: [32, 212] })).toMatchObject({ body: { values: [0, 100] } });
  });

  it.each([
    ['no JSON', '{', 400],
    ['no object', [], 400],
    ['an unknown unit', { from: 'parsec', to: 'km', values: [1] }, 400],
    ['no array', { from: 'mi', to: 'km', values: 1 }, 400],
    ['a value that is no number', { from: 'mi', to: 'km', values: [1, '2'] }, 400],
    ['too many values', { from: 'mi', to: 'km', values: new Array(1001).fill(1) }, 400],
    ['units that do not go together', { from: 'mi', to: 'kg', values: [1] }, 422],
  ])('refuses %s', async (_what, body, status) => {
    expect(await post(body)).toEqual({ status, body: { error: expect.any(String) } });
  });

  it('answers 404 for an unknown path and 405 for a known one, naming what is allowed', async () => {
    expect(await call('GET', '/nowhere')).toMatchObject({ status: 404 });
    const answer = (await callExample('units', httpEvent('DELETE', '/convert'))) as HttpAnswer;
    expect(answer).toMatchObject({ statusCode: 405, headers: { allow: 'GET, POST' } });
  });
});
