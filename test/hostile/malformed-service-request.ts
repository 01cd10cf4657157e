import fc from 'fast-check';
import type { Shape, Structure } from '../../runtime/gateway/service/shape.ts';
import type { WireRequest } from '../support/exchange.ts';
import type { ServiceName, ServiceRequest } from './service-requests.ts';
import { mostBytesOf, type Protocol, pathMembersOf, protocolsOf, shapeOf, toWire } from './service-wire.ts';

/** What signs it: the key that may, or what no service believes. */
export type Signing =
  | 'right'
  | 'none'
  | 'garbled'
  | 'stranger'
  | 'wrong secret'
  | 'other service'
  | 'late'
  | 'tampered';

/** A request that its service cannot do, whatever else is wrong with it. */
export interface Malformed {
  readonly service: ServiceName;
  readonly protocol: Protocol;
  readonly wire: WireRequest;
  readonly signing: Signing;
}

const { constant, constantFrom, dictionary, integer, jsonValue, oneof, record, string, tuple, uint8Array } = fc;

/** No name of anything, in any service. */
const noName = constantFrom(
  ...['\u0000', 'a\u0000', '../..', 'a b\r\nx-injected: y', '<script>', '%00', '\ud800', 'x\udc00', '😀'.repeat(20)],
  ...['x'.repeat(3_000), 'arn:aws:sqs:us-east-1:000000000000:a:b:c', '$', '%', '"', "' OR 1=1 --", '{{7*7}}'],
);
const prototypes = constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then');
const DEEP = 100_000;

/** Beside what is asked: members that nobody knows. None makes anything right. */
const strangers = dictionary(
  oneof(prototypes, string({ maxLength: 9 }), constantFrom('\u0000', 'a.b.c', 'Entries.1', '$ref')),
  oneof(jsonValue({ maxDepth: 3 }), noName, constant({ ['__proto__']: { isAdmin: true } })),
  { maxKeys: 3 },
);
const oddHeaders = dictionary(
  constantFrom('content-encoding', 'accept', 'x-forwarded-for', 'x-amz-user-agent', 'cookie', '__proto__', 'expect'),
  constantFrom('gzip', '*/*', '127.0.0.1', 'x'.repeat(3_000), 'a=b; __proto__=c', '\u00ff\u00fe', '1e999'),
  { maxKeys: 2 },
).map(({ expect: _, ...headers }) => headers);

/** Another kind of value than a shape has. */
function notOf({ kind }: Shape): fc.Arbitrary<unknown> {
  const kinds: readonly (readonly [string, readonly Shape['kind'][], fc.Arbitrary<unknown>])[] = [
    ['text', ['text', 'bytes'], noName],
    ['number', ['whole', 'decimal'], oneof(integer(), constantFrom(2 ** 53, -1, 0))],
    ['flag', ['flag'], fc.boolean()],
    ['list', ['list'], fc.array(jsonValue({ maxDepth: 1 }), { maxLength: 3 })],
    ['object', ['map', 'structure'], strangers],
  ];
  return oneof(...kinds.filter(([, same]) => !same.includes(kind)).map(([, , arbitrary]) => arbitrary));
}

/** Replaces a value that an input has, at any depth, by one of another kind. */
function retyped(shape: Shape, value: unknown): fc.Arbitrary<unknown> {
  const own = notOf(shape);
  if (shape.kind === 'list' && Array.isArray(value) && value.length > 0) {
    return oneof(
      own,
      retyped(shape.item, value[0]).map((item) => [...value.slice(1), item]),
    );
  }
  if (shape.kind === 'map' && isObject(value)) {
    const [[name, each] = ['', '']] = Object.entries(value);
    return oneof(
      own,
      retyped(shape.value, each).map((changed) => ({ ...value, [name]: changed })),
    );
  }
  if (shape.kind === 'structure' && isObject(value)) return oneof(own, retypedMember(shape, value));
  return own;
}

function retypedMember(shape: Structure, value: Members): fc.Arbitrary<Members> {
  const members = shape.members as Readonly<Record<string, Shape>>;
  return constantFrom(...Object.keys(value)).chain((name) =>
    retyped(members[name] as Shape, value[name]).map((changed) => ({ ...value, [name]: changed })),
  );
}

type Members = Readonly<Record<string, unknown>>;
const without = (input: Members, name: string): Members =>
  Object.fromEntries(Object.entries(input).filter(([each]) => each !== name));

const notJson = oneof(
  constantFrom('{', '{"a":', '[1,', 'nul', '{"a":1}}', "{'a':1}", '\u0000', '{"a":01}', '{"a":NaN}', '"'),
  constantFrom('['.repeat(DEEP), '{"a":'.repeat(DEEP), '1e999', '[]', '"x"', 'true', '-0', '[[]]'),
  constant(`{"a":${'['.repeat(DEEP)}${']'.repeat(DEEP)}`),
  constant(`{"a":[${'0,'.repeat(DEEP)}0]}`),
  uint8Array({ minLength: 1, maxLength: 50 }).map((bytes) => Buffer.from([0x01, ...bytes])),
  constant(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
);

type Poisoned = fc.Arbitrary<{ readonly wire: WireRequest; readonly signing?: Signing }>;

/** Each way to spoil a request that can be done to this one. */
function spoil(request: ServiceRequest, protocol: Protocol): Poisoned {
  const { required, names, input, service } = request;
  const shape = shapeOf(request);
  const placed = protocol === 'rest' ? pathMembersOf(request) : [];
  const whole = (changed: Members): WireRequest => toWire({ ...request, input: changed }, protocol);
  const right = toWire(request, protocol);
  const hasBody = right.body !== undefined;
  const inBody = Object.fromEntries(Object.entries(input).filter(([name]) => !placed.includes(name)));
  const ways: Poisoned[] = [
    constantFrom<Signing[]>('none', 'garbled', 'stranger', 'wrong secret', 'other service', 'late', 'tampered')
      .filter((signing) => hasBody || signing !== 'tampered')
      .map((signing) => ({ wire: right, signing })),
  ];
  const dropped = required.filter((name) => !placed.includes(name));
  if (dropped.length > 0) {
    ways.push(
      tuple(constantFrom(...dropped), strangers).map(([name, more]) => {
        const left = without(input, name);
        return { wire: whole(protocol === 'query' ? left : { ...left, ...omit(more, Object.keys(input)) }) };
      }),
    );
  }
  if (names.length > 0) {
    ways.push(
      tuple(constantFrom(...names), noName).map(([name, text]) => ({ wire: whole({ ...input, [name]: text }) })),
    );
  }
  if (protocol !== 'query' && hasBody) {
    ways.push(notJson.map((body) => ({ wire: { ...right, body } })));
    if (shape !== undefined && Object.keys(inBody).length > 0) {
      const changed = retypedMember(shape, inBody).map((members) => JSON.stringify(members));
      ways.push(changed.map((body) => ({ wire: { ...right, body } })));
      ways.push(constantFrom(...Object.keys(inBody)).map((name) => ({ wire: { ...right, body: deep(inBody, name) } })));
    }
  }
  if (hasBody) {
    const length = String(mostBytesOf(service) + 1);
    ways.push(constant({ wire: { ...right, headers: { ...right.headers, 'content-length': length } } }));
  }
  if (protocol === 'query') ways.push(spoilForm(right));
  if (protocol === 'json') ways.push(spoilTarget(right));
  if (protocol === 'rest') {
    ways.push(constantFrom('PROPFIND', 'TRACE', 'OPTIONS').map((method) => ({ wire: { ...right, method } })));
    ways.push(
      constantFrom('/x/y/z', '/%2e%2e/', '/__proto__/x/y/z').map((more) => ({
        wire: { ...right, path: `${right.path}${more}` },
      })),
    );
  }
  return oneof(...ways);
}

/** JSON that can be read, but not walked by a function that calls itself. */
function deep(input: Members, name: string): string {
  const rest = JSON.stringify(without(input, name)).slice(1);
  const nested = `${'['.repeat(DEEP / 2)}${']'.repeat(DEEP / 2)}`;
  return `{${JSON.stringify(name)}:${nested}${rest === '}' ? '' : ','}${rest}`;
}

function spoilForm(right: WireRequest): Poisoned {
  const body = String(right.body);
  const action = prototypes.map((name) => body.replace(/^Action=\w+/, `Action=${name}`));
  const version = constantFrom('', '2012-11-06', '__proto__').map((text) =>
    body.replace(/&Version=[^&]*/, `&Version=${text}`),
  );
  const many = constantFrom('a', 'Entry.1.Name', '.', 'a.b.c.d.e.f.g.h.i.j.k').map(
    (name) => `${body}${Array.from({ length: 2_000 }, (_, at) => `&${name}${at}=x`).join('')}`,
  );
  return oneof(action, version, many).map((changed) => ({ wire: { ...right, body: changed } }));
}

function spoilTarget(right: WireRequest): Poisoned {
  const prefix = right.headers?.['x-amz-target']?.split('.')[0] ?? '';
  return oneof(
    prototypes.map((name) => `${prefix}.${name}`),
    constantFrom(
      `${prefix}.`,
      prefix,
      '.',
      'constructor.name',
      `${prefix}.${'x'.repeat(5_000)}`,
      `${prefix}.SendMessage.x`,
    ),
  ).map((target) => ({ wire: { ...right, headers: { ...right.headers, 'x-amz-target': target } } }));
}

function omit(members: Members, names: readonly string[]): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of requests that can be done, ones that cannot. */
export function malformedOf(requests: readonly ServiceRequest[]): fc.Arbitrary<Malformed> {
  const both = requests.flatMap((request) => protocolsOf(request.service).map((protocol) => ({ request, protocol })));
  return constantFrom(...both).chain(({ request, protocol }) =>
    record({ spoiled: spoil(request, protocol), headers: oddHeaders }).map(({ spoiled, headers }) => {
      const { wire, signing = 'right' } = spoiled;
      return { ...request, protocol, signing, wire: { ...wire, headers: { ...headers, ...wire.headers } } };
    }),
  );
}
