import { type List, type Node, parseNodes } from './s-expression.ts';
import { HostReferences, type Pattern, toPattern, toValue, type Value } from './values.ts';

/** A module as a script gives it: its text, or its bytes. `quoted` text may be malformed on purpose. */
export type Source =
  | { readonly kind: 'text' | 'quoted'; readonly text: string }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array };

/** Calls a function or reads a global of an instance, by default of the last one. */
export interface Action {
  readonly kind: 'invoke' | 'get';
  readonly instance: string | undefined;
  readonly field: string;
  readonly args: readonly Value[];
}

/** One command of a script: https://github.com/WebAssembly/spec/tree/main/interpreter#scripts */
export type Command = { readonly line: number } & (
  | { readonly kind: 'module' | 'definition'; readonly name: string | undefined; readonly source: Source }
  | { readonly kind: 'instance'; readonly name: string | undefined; readonly of: string | undefined }
  | { readonly kind: 'register'; readonly as: string; readonly name: string | undefined }
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'thread' }
  | { readonly kind: 'returns'; readonly action: Action; readonly expected: readonly Pattern[] }
  | { readonly kind: 'traps' | 'exhausts' | 'throws'; readonly action: Action }
  | { readonly kind: 'invalid' | 'malformed' | 'unlinkable' | 'traps at start'; readonly source: Source }
);

const REFUSALS = {
  assert_invalid: 'invalid',
  assert_invalid_custom: 'invalid',
  assert_malformed: 'malformed',
  assert_malformed_custom: 'malformed',
  assert_unlinkable: 'unlinkable',
} as const;
const ENDINGS = {
  assert_trap: 'traps',
  assert_exhaustion: 'exhausts',
  assert_exception: 'throws',
  assert_suspension: 'throws',
} as const;

/** Reads a script. One that holds only the fields of a module is that module. */
export function parseScript(text: string): Command[] {
  const nodes = parseNodes(text).filter((node) => !headOf(node).startsWith('@'));
  const hosts = new HostReferences();
  const isCommand = (node: Node): boolean =>
    /^(module|register|invoke|get|instance|thread|wait|assert_\w+)$/.test(headOf(node)) && node.kind === 'list';
  if (nodes.length > 0 && !nodes.some(isCommand))
    return [{ kind: 'module', line: 1, name: undefined, source: { kind: 'text', text: `(module ${text}\n)` } }];
  return nodes.map((node) => toCommand(node as List, text, hosts));
}

function toCommand(node: List, text: string, hosts: HostReferences): Command {
  const { line, items } = node;
  const head = headOf(node);
  if (head === 'module') return { line, ...toModule(node, text) };
  if (head === 'instance') return { line, kind: 'instance', name: nameAt(items, 1), of: nameAt(items, 2) };
  if (head === 'register') return { line, kind: 'register', as: stringAt(items, 1), name: nameAt(items, 2) };
  if (head === 'invoke' || head === 'get') return { line, kind: 'action', action: toAction(node, hosts) };
  if (head === 'thread' || head === 'wait') return { line, kind: 'thread' };
  const target = items[1];
  if (target?.kind !== 'list') throw new Error(`line ${line}: ${head} of what`);
  if (head === 'assert_return') {
    const expected = items.slice(2).map((item) => toPattern(item, hosts));
    return { line, kind: 'returns', action: toAction(target, hosts), expected };
  }
  if (head in REFUSALS) return { line, kind: REFUSALS[head as keyof typeof REFUSALS], source: toSource(target, text) };
  if (!(head in ENDINGS)) throw new Error(`line ${line}: what command is ${head}`);
  if (headOf(target) === 'module') return { line, kind: 'traps at start', source: toSource(target, text) };
  return { line, kind: ENDINGS[head as keyof typeof ENDINGS], action: toAction(target, hosts) };
}

type ModuleCommand =
  | { readonly kind: 'module' | 'definition'; readonly name: string | undefined; readonly source: Source }
  | { readonly kind: 'instance'; readonly name: string | undefined; readonly of: string | undefined };

function toModule(node: List, text: string): ModuleCommand {
  const kind = atomAt(node.items, 1);
  if (kind === 'instance') return { kind, name: nameAt(node.items, 2), of: nameAt(node.items, 3) };
  if (kind === 'definition') return { kind, name: nameAt(node.items, 2), source: toSource(node, text) };
  return { kind: 'module', name: nameAt(node.items, 1), source: toSource(node, text) };
}

function toSource({ items, start, end }: List, text: string): Source {
  const form = items.slice(1, 4).find((item) => item.kind === 'atom' && /^(binary|quote)$/.test(item.text));
  if (form?.kind === 'atom') {
    const bytes = Buffer.concat(items.flatMap((item) => (item.kind === 'quoted' ? [item.bytes] : [])));
    if (form.text === 'binary') return { kind: 'binary', bytes: new Uint8Array(bytes) };
    const quoted = bytes.toString();
    return { kind: 'quoted', text: /^\s*\(module\b/.test(quoted) ? quoted : `(module ${quoted}\n)` };
  }
  const definition = items[1];
  if (definition?.kind === 'atom' && definition.text === 'definition')
    return { kind: 'text', text: `(module ${text.slice(definition.end, end)}` };
  return { kind: 'text', text: text.slice(start, end) };
}

function toAction(node: List, hosts: HostReferences): Action {
  const kind = headOf(node);
  if (kind !== 'invoke' && kind !== 'get') throw new Error(`line ${node.line}: what action is ${kind}`);
  const instance = nameAt(node.items, 1);
  const at = instance === undefined ? 1 : 2;
  const args = node.items.slice(at + 1).map((item) => toValue(item, hosts));
  return { kind, instance, field: stringAt(node.items, at), args };
}

function headOf(node: Node): string {
  return node.kind === 'list' ? (atomAt(node.items, 0) ?? '') : '';
}

function atomAt(items: readonly Node[], index: number): string | undefined {
  const item = items[index];
  return item?.kind === 'atom' ? item.text : undefined;
}

function nameAt(items: readonly Node[], index: number): string | undefined {
  const atom = atomAt(items, index);
  return atom?.startsWith('$') ? atom : undefined;
}

function stringAt(items: readonly Node[], index: number): string {
  const item = items[index];
  if (item?.kind !== 'quoted') throw new Error(`line ${items[0]?.line}: a string is missing`);
  return Buffer.from(item.bytes).toString();
}
