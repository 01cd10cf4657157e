import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../runtime/buses/bus-event.ts';
import { fillTemplate } from '../../../runtime/buses/input/input-template.ts';
import { parseJsonPath } from '../../../runtime/buses/input/json-path.ts';
import { toInput } from '../../../runtime/buses/input/to-input.ts';
import type { TargetSettings } from '../../../runtime/buses/rule-record.ts';

const event: BusEvent = {
  ...{ version: '0', id: 'i', 'detail-type': 'State "changed"', source: 's', account: '000000000000' },
  ...{ time: '2026-03-01T10:00:00Z', region: 'us-east-1', resources: ['arn:r'] },
  detail: { name: 'a "b"\n', size: 3, parts: [{ n: 1 }, { n: 2 }], none: null, 'with-dash': { 'a.b': true } },
};
const context = { event, json: JSON.stringify(event), ruleArn: 'arn:rule', ruleName: 'rule', ingestedAt: 'now' };
const inputOf = (settings: Omit<TargetSettings, 'Id' | 'Arn'>): string =>
  toInput({ Id: '1', Arn: 'arn:a', ...settings }, context);
const transformed = (InputTemplate: string, InputPathsMap: Readonly<Record<string, string>>): string =>
  inputOf({ InputTransformer: { InputTemplate, InputPathsMap } });

describe('a path', () => {
  it.each([
    ['$', event],
    ['$.detail.size', 3],
    ['$.detail.parts[1].n', 2],
    ['$.detail.parts[*].n', [1, 2]],
    ['$.detail.with-dash["a.b"]', true],
    ["$['detail']['with-dash'].*", [true]],
    ['$.detail-type', 'State "changed"'],
    ['$.detail.none', null],
    ['$.detail.missing', undefined],
    ['$.detail.parts.n', undefined],
    ['$.detail.size[0]', undefined],
    ['$.constructor', undefined],
  ])('%s finds what it says', (path, found) => {
    expect(parseJsonPath(path)?.(event)).toEqual(found);
  });

  it.each(['', 'detail', '.detail', '$detail', '$.', '$.detail[', '$.detail[x]', '$..detail', "$['a", '$.a b'])(
    'is not %j',
    (path) => {
      expect(parseJsonPath(path)).toBeUndefined();
    },
  );
});

describe('what a target is sent', () => {
  it('is the event, a part of it, or something else altogether', () => {
    expect(inputOf({})).toBe(context.json);
    expect(inputOf({ Input: '{"a": 1}' })).toBe('{"a": 1}');
    expect(inputOf({ InputPath: '$.detail.parts' })).toBe('[{"n":1},{"n":2}]');
    expect(inputOf({ InputPath: '$.missing' })).toBe('null');
  });

  it('is a template with values in it: JSON outside of quotes, text within', () => {
    const paths = { name: '$.detail.name', size: '$.detail.size', parts: '$.detail.parts', gone: '$.detail.gone' };
    expect(JSON.parse(transformed('{"n":<name>,"s":<size>,"p":<parts>,"g":<gone>}', paths))).toEqual({
      ...{ n: 'a "b"\n', s: 3, p: event.detail.parts, g: null },
    });
    expect(JSON.parse(transformed('"<name> is <size>, has <parts> and <gone>."', paths))).toBe(
      'a "b"\n is 3, has [{"n":1},{"n":2}] and .',
    );
    expect(JSON.parse(transformed('{"say \\"<size>\\"": "\\\\<size>"}', paths))).toEqual({ 'say "3"': '\\3' });
  });

  it('names the rule and the event where the template asks for them', () => {
    const text =
      '{"a":<aws.events.rule-arn>,"n":"<aws.events.rule-name>","t":<aws.events.event.ingestion-time>,"e":<aws.events.event.json>,"h":<aws.events.event>}';
    const { detail: _, ...head } = event;
    expect(JSON.parse(transformed(text, {}))).toEqual({ a: 'arn:rule', n: 'rule', t: 'now', e: event, h: head });
  });

  it('leaves alone what is no placeholder', () => {
    expect(transformed('"<b>1 < 2</b> <constructor> <"', { size: '$.detail.size' })).toBe(
      '"<b>1 < 2</b> <constructor> <"',
    );
  });

  it('is JSON whenever the template is, whatever the values are', () => {
    const template = fc.constantFrom('{"a":<x>}', '{"a":"<x>"}', '["<x>", <x>, "a\\"<x>"]', '"<x>"', '<x>');
    fc.assert(
      fc.property(template, fc.jsonValue(), (text, value) => {
        expect(() => JSON.parse(fillTemplate(text, () => value))).not.toThrow();
      }),
    );
  });
});
