import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { buildFunction } from '../runtime/cli/toolchain/build.ts';
import { readProject } from '../runtime/cli/toolchain/project.ts';
import { compileGuest, compileHeapGuest } from './guests.ts';

const MIB_IN_KIB = 1024;

/** What is measured: a function with the event it is called with. */
export interface Subject {
  readonly name: string;
  readonly module: Uint8Array;
  readonly memoryMb: number;
  readonly handler: string;
  readonly event: string;
  /** Of the bench's own functions. */
  readonly heapMib?: number;
  /** What it answers to its event, when that is known. */
  readonly result?: string;
}

/** The bench's own function beside a heap of so many KiB. */
export async function heapSubject(heapKib: number): Promise<Subject> {
  const heapMib = heapKib / MIB_IN_KIB;
  const name = heapKib < MIB_IN_KIB ? `${heapKib} KiB heap` : `${heapMib} MiB heap`;
  const memoryMb = Math.max(128, heapMib * 2);
  return {
    name,
    module: await compileHeapGuest(heapKib),
    memoryMb,
    handler: 'index.handler',
    event: '{"n":1}',
    result: '{"n":1}',
    heapMib,
  };
}

/** A small JSON object in, another one made from it out. */
export async function helloSubject(): Promise<Subject> {
  return {
    ...{ name: 'hello', module: await compileGuest('hello'), memoryMb: 128, handler: 'index.handler' },
    event: '{"name":"Ada","n":3}',
    result: '{"message":"Hello, Ada!"}',
  };
}

/** A user's function: a module, or a folder that is built first; called with the event of a file, or `{}`. */
export async function readSubject(path: string, eventFile: string | undefined): Promise<Subject> {
  const event = eventFile === undefined ? '{}' : await readFile(eventFile, 'utf8');
  if (!(await stat(path)).isDirectory()) {
    return { name: basename(path), module: await readFile(path), memoryMb: 128, handler: 'index.handler', event };
  }
  const project = await readProject(path);
  const { wasm, handler } = await buildFunction(path, () => {});
  return { name: project.name, module: wasm, memoryMb: project.memory, handler, event };
}
