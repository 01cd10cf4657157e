import { describe, expect, it } from 'vitest';
import { httpEvent } from '../support/http-event.ts';
import { callProbe } from '../support/probe.ts';

const read = async (event: object): Promise<Record<string, unknown>> => {
  const response = JSON.parse((await callProbe('request', JSON.stringify(event))).result);
  return JSON.parse(response.body);
};

describe('HttpRequest', () => {
  it('reads method, path, headers, query, cookies and body', async () => {
    const event = httpEvent('PUT', '/a%20b/%2F%zz?q=1+2&p=x&q=%C3%BC&q', {
      headers: { accept: 'text/html' },
      cookies: ['theme=dark', 'session=abc=1'],
      body: '{"a":1}',
    });
    expect(await read(event)).toEqual({
      method: 'PUT',
      path: '/a b//%zz',
      accept: 'text/html',
      q: ['1 2', 'ü', ''],
      session: 'abc=1',
      text: '{"a":1}',
      json: true,
    });
  });

  it('decodes a base64 body, and takes a broken one as empty', async () => {
    const event = httpEvent('POST', '/');
    expect(await read({ ...event, body: 'aMOk', isBase64Encoded: true })).toMatchObject({ text: 'hä', json: false });
    expect(await read({ ...event, body: '*', isBase64Encoded: true })).toMatchObject({ text: '' });
  });

  it('takes any JSON for an event', async () => {
    for (const event of [[], { headers: 1, cookies: {}, body: [], requestContext: 'x' }]) {
      expect(await read(event)).toEqual({
        method: 'GET',
        path: '/',
        accept: null,
        q: [],
        session: null,
        text: '',
        json: false,
      });
    }
  });
});

describe('HttpResponse', () => {
  it('is written as payload 2.0', async () => {
    const { result } = await callProbe('request', '{}');
    expect(JSON.parse(result)).toEqual({
      statusCode: 201,
      headers: { 'content-type': 'application/json', 'x-trace': '1' },
      cookies: ['a=1'],
      body: expect.any(String),
      isBase64Encoded: false,
    });
  });
});
