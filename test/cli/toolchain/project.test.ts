import { describe, expect, it } from 'vitest';
import { parseProject } from '../../../runtime/cli/toolchain/project.ts';

const parse = (value: unknown) => parseProject(typeof value === 'string' ? value : JSON.stringify(value), 'folder');

describe('isola.json', () => {
  it("has Lambda's defaults, and the folder's name", () => {
    expect(parse({})).toEqual({
      name: 'folder',
      description: '',
      handler: 'index.handler',
      memory: 128,
      timeout: 3,
      ephemeralStorage: 512,
      environment: {},
      grants: [],
      url: false,
    });
  });

  it('may set everything', () => {
    const project = {
      name: 'my_fn-1',
      description: 'd',
      entry: 'src/main.c',
      handler: 'main.run',
      memory: 256,
      timeout: 900,
      ephemeralStorage: 1024,
      environment: { ISOLA_ISOLATION: 'environment' },
      grants: [{ action: 'isola:Kv*', resource: ['a', 'b'] }],
      url: true,
    };
    expect(parse(project)).toEqual(project);
  });

  it.each([
    ['{', 'isola.json is not JSON'],
    ['[]', 'must hold an object'],
    ['null', 'must hold an object'],
    [{ memroy: 128 }, '"memroy" is not a setting. Settings are: name,'],
    [{ name: 'two words' }, '"name" must be letters'],
    [{ name: 7 }, '"name" must be letters'],
    [{ memory: 127 }, '"memory" must be a whole number from 128 to 10240, and is 127'],
    [{ memory: '128' }, '"memory" must be a whole number'],
    [{ timeout: 0.5 }, '"timeout" must be a whole number from 1 to 900'],
    [{ handler: 'a b' }, '"handler" must be'],
    [{ entry: '../x.ts' }, '"entry" must lie in'],
    [{ entry: '/x.ts' }, '"entry" must lie in'],
    [{ entry: 'x.js' }, '"entry" must be the path'],
    [{ environment: [] }, '"environment" must be an object'],
    [{ environment: { '1A': 'x' } }, '"1A" cannot name'],
    [{ environment: { AB: 1 } }, 'AB must be a string'],
    [{ grants: {} }, '"grants" must be a list'],
    [{ grants: [{ action: 'isola:Kv*' }] }, '"grants" must be a list'],
    [{ grants: [{ action: [], resource: '*' }] }, '"grants" must be a list'],
    [{ grants: [{ action: 'a', resource: '*', effect: 'Deny' }] }, '"grants" must be a list'],
    [{ url: 'yes' }, '"url" must be true or false'],
  ])('refuses %j', (value, message) => {
    expect(() => parse(value)).toThrow(message);
  });

  it('says where a name that cannot be used came from', () => {
    expect(() => parseProject('{}', 'two words')).toThrow("taken from the folder's name");
  });
});
