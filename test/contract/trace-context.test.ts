import { describe, expect, it } from 'vitest';
import {
  parseTraceHeader,
  parseTraceparent,
  toTraceHeader,
  toTraceparent,
} from '../../runtime/contract/trace-context.ts';

const TRACE = '5759e988bd862e3fe1be46a994272793';
const SPAN = '53995c3f42cd8ad8';
const HEADER = `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=${SPAN};Sampled=1`;

describe('a place in a trace', () => {
  it('is the same in the words of X-Ray and of W3C', () => {
    const context = { traceId: TRACE, spanId: SPAN, isSampled: true };
    expect(parseTraceHeader(HEADER)).toEqual(context);
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual(context);
    expect(toTraceHeader(context)).toBe(HEADER);
    expect(toTraceparent(HEADER)).toBe(`00-${TRACE}-${SPAN}-01`);
    expect(toTraceparent(HEADER.replace('Sampled=1', 'Sampled=0'))).toBe(`00-${TRACE}-${SPAN}-00`);
  });

  it.each([
    ['no parent', 'Root=1-5759e988-bd862e3fe1be46a994272793', { traceId: TRACE }],
    ['fields in another order', `Sampled=0;Self=1-2-3;${HEADER.split(';').slice(0, 2).reverse().join(';')}`, false],
    ['a decision that is asked for', 'Root=1-5759E988-BD862E3FE1BE46A994272793;Sampled=?', { traceId: TRACE }],
  ])('is read from a header with %s', (_what, header, context) => {
    expect(parseTraceHeader(header)).toEqual(context || { traceId: TRACE, spanId: SPAN, isSampled: false });
  });

  it.each(['', 'Root=', 'Root=1-5759e988', 'Parent=53995c3f42cd8ad8', 'Root=hello;Parent=x', ';;=;'])(
    'is not read from %j',
    (header) => {
      expect(parseTraceHeader(header)).toBeUndefined();
      expect(toTraceparent(header)).toBeUndefined();
    },
  );

  it('keeps what else a header says', () => {
    const header = 'Self=1-2-3;Root=1-1-1;Lineage=1f0a9c3e:3|77ab01d2:2;Sampled=0';
    expect(toTraceHeader({ traceId: TRACE, spanId: SPAN, isSampled: true }, header)).toBe(
      `${HEADER};Lineage=1f0a9c3e:3|77ab01d2:2`,
    );
  });

  it.each([
    ['zeros for a trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['zeros for a span', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the version that there will not be', `ff-${TRACE}-${SPAN}-01`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['more than version 00 says', `00-${TRACE}-${SPAN}-01-what`],
    ['two headers', `00-${TRACE}-${SPAN}-01,00-${TRACE}-${SPAN}-01`],
    ['nothing', ''],
  ])('is not read from a traceparent of %s', (_what, text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });

  it('is read from a later version by what it is known to say', () => {
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-03-what-the-future-says`)).toMatchObject({ isSampled: true });
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-02`)).toMatchObject({ isSampled: false });
  });
});
