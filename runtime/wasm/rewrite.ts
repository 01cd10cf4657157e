import type { ModuleShape } from '../contract/artifact.ts';
import { type ExposedTables, exposeTables } from './exposed-tables.ts';
import { survives } from './format/custom-sections.ts';
import { MAX_EXPORTS, MAX_FUNCTIONS, MAX_GLOBALS, MAX_TYPES } from './format/engine-limits.ts';
import { toLimitsFlags } from './format/limits.ts';
import { type DecodedModule, decodeModule } from './format/module.ts';
import { OP } from './format/opcodes.ts';
import { Reader } from './format/reader.ts';
import { WasmRefused } from './format/refused.ts';
import { SECTION, SECTION_ORDER, type Section } from './format/sections.ts';
import { TYPE, writeValueType } from './format/value-types.ts';
import { Writer } from './format/writer.ts';
import { writeBranchHints } from './fuel/branch-hints.ts';
import type { Injected } from './fuel/fuel-code.ts';
import { type MeteredCode, meterBodies } from './fuel/meter.ts';
import { ROUNDED, type Rounding } from './fuel/rounding.ts';
import {
  FUEL_EXPORT,
  functionExport,
  GROW_FAILED_EXPORT,
  MEMORY_MODULE,
  PAGE_LIMIT_EXPORT,
  PENDING_EXPORT,
  REFUEL_EXPORT,
  START_EXPORT,
  tableExport,
} from './names.ts';
import { assertOwnNames, type ExposedGlobal, exposedGlobals, mostPages, toShape } from './shape.ts';
import { AddedStubs } from './stubs/added-stubs.ts';
import { sharesMemory } from './stubs/gated-growth.ts';
import { createStubs, type Stub } from './stubs/stubs.ts';
import { boundTables } from './table-bound.ts';

const KIND = { function: 0, table: 1, memory: 2, global: 3 } as const;
const HEADER_BYTES = 8;

export interface Rewritten {
  readonly code: Uint8Array;
  readonly shape: ModuleShape;
}

/**
 * Turns a module into an artifact: fuel counted, memory imported, tables bounded, mutable globals and the start function
 * exported. Appends only, so that every index of the guest stays what it was. Pure: the same input gives the same bytes.
 */
export function rewrite(input: Uint8Array, rounding: Rounding = ROUNDED): Rewritten {
  const module = decodeModule(input);
  assertOwnNames(module);
  const functions = module.functionTypes.length;
  const injected: Injected = {
    fuelGlobal: module.globals.length,
    growFailedGlobal: module.globals.length + 1,
    pageLimitGlobal: module.globals.length + 2,
    pendingGlobal: module.globals.length + (sharesMemory(module.memories) ? 3 : 2),
    refuelTable: module.importedTables + module.tables.length,
    refuel: functions,
    refuelLocal: functions + 1,
    addedStubs: new AddedStubs(functions + 2),
  };
  const code = meterBodies(module, injected, rounding);
  const stubs = createStubs(module, injected);
  const exposed = exposedGlobals(module);
  const tables = exposeTables(module, code);
  assertRoom({ module, stubs, exposed, tables });
  const out = new Writer(input.length * 2 + 4096);
  out.copy(input, 0, HEADER_BYTES);
  const makesObjects = module.makesObjects || code.makesObjects;
  const artifact: Artifact = { module, injected, code, stubs, exposed, tables, makesObjects, out };
  let written = 0;
  for (const section of module.sections) {
    if (section.id === SECTION.custom) {
      if (survives(input, section)) copySection(artifact, section);
      continue;
    }
    const place = SECTION_ORDER.indexOf(section.id);
    while (written <= place) writeSection(artifact, SECTION_ORDER[written++]!);
  }
  while (written < SECTION_ORDER.length) writeSection(artifact, SECTION_ORDER[written++]!);
  const effects = { changesTables: code.changesTables, makesObjects };
  return { code: out.view().slice(), shape: toShape(module, effects, tables) };
}

interface Artifact {
  readonly module: DecodedModule;
  readonly injected: Injected;
  readonly code: MeteredCode;
  readonly stubs: readonly Stub[];
  readonly exposed: readonly ExposedGlobal[];
  readonly tables: ExposedTables | undefined;
  readonly makesObjects: boolean;
  readonly out: Writer;
}

function writeSection(artifact: Artifact, id: number): void {
  const { module, stubs } = artifact;
  switch (id) {
    case SECTION.type:
      append(artifact, id, module.types.added.length, (content) => {
        for (const { params, results } of module.types.added) {
          content.byte(0x60);
          content.u32(params.length);
          for (const type of params) writeValueType(content, type);
          content.u32(results.length);
          for (const type of results) writeValueType(content, type);
        }
      });
      return;
    case SECTION.import: {
      const defined = module.memories.filter(({ from }) => from === undefined);
      append(artifact, id, defined.length, (content) => {
        defined.forEach(({ limits }, index) => {
          content.name(MEMORY_MODULE);
          content.name(`${module.memories.length - defined.length + index}`);
          content.byte(KIND.memory);
          content.byte(toLimitsFlags(limits));
          content.u32(limits.min);
          content.u32(mostPages(limits));
        });
      });
      return;
    }
    case SECTION.function:
      append(artifact, id, stubs.length, (content) => {
        for (const stub of stubs) content.u32(stub.type);
      });
      return;
    case SECTION.table:
      writeTables(artifact);
      return;
    case SECTION.memory:
    case SECTION.start:
      return;
    case SECTION.global:
      append(artifact, id, addedGlobals(artifact).length, (content) => {
        for (const initial of addedGlobals(artifact)) {
          content.raw([TYPE.i32, 1, OP.i32Const]);
          content.s32(initial);
          content.byte(OP.end);
        }
      });
      return;
    case SECTION.export:
      writeExports(artifact);
      return;
    case SECTION.code:
      writeCode(artifact);
      return;
    default: {
      const section = find(module, id);
      if (section) copySection(artifact, section);
    }
  }
}

function writeExports(artifact: Artifact): void {
  const { module, injected, exposed, tables, makesObjects } = artifact;
  const added: [name: string, kind: number, index: number][] = [
    [FUEL_EXPORT, KIND.global, injected.fuelGlobal],
    [GROW_FAILED_EXPORT, KIND.global, injected.growFailedGlobal],
    [REFUEL_EXPORT, KIND.table, injected.refuelTable],
  ];
  if (sharesMemory(module.memories)) added.push([PAGE_LIMIT_EXPORT, KIND.global, injected.pageLimitGlobal]);
  if (makesObjects) added.push([PENDING_EXPORT, KIND.global, injected.pendingGlobal]);
  if (module.start !== undefined) added.push([START_EXPORT, KIND.function, module.start]);
  for (const { exportName, index } of exposed) added.push([exportName, KIND.global, index]);
  for (const index of tables?.tables ?? []) added.push([tableExport(index), KIND.table, index]);
  for (const index of tables?.functions ?? []) added.push([functionExport(index), KIND.function, index]);
  append(artifact, SECTION.export, added.length, (content) => {
    for (const [name, kind, index] of added) {
      content.name(name);
      content.byte(kind);
      content.u32(index);
    }
  });
}

/** Initial values in index order: counter, refusal of growth, no limit of all memories yet, no array to be made. */
function addedGlobals({ module, makesObjects }: Artifact): number[] {
  return [0, 0, ...(sharesMemory(module.memories) ? [-1] : []), ...(makesObjects ? [0] : [])];
}

/** A section's own entries, and `added` more behind them. */
function append({ module, out }: Artifact, id: number, added: number, fill: (content: Writer) => void): void {
  const section = find(module, id);
  if (!section && added === 0) return;
  out.section(id, (content) => {
    if (section) {
      const reader = new Reader(module.bytes, section.start, section.end);
      content.u32(reader.u32() + added);
      content.copy(module.bytes, reader.offset, section.end);
    } else content.u32(added);
    fill(content);
  });
}

function writeTables({ module, out }: Artifact): void {
  const bounds = boundTables(module.tables);
  out.section(SECTION.table, (content) => {
    content.u32(module.tables.length + 1);
    module.tables.forEach(({ type, initial }, index) => {
      if (initial) content.raw([0x40, 0]);
      writeValueType(content, type.element);
      content.byte(toLimitsFlags(type.limits));
      content.u32(type.limits.min);
      content.u32(bounds[index]!);
      if (initial) content.copy(module.bytes, initial[0], initial[1]);
    });
    content.raw([TYPE.funcref, 1, 1, 1]);
  });
}

function writeCode({ module, code, stubs, out }: Artifact): void {
  writeBranchHints(out, code.hints, module.importedFunctions);
  out.section(SECTION.code, (content) => {
    content.u32(module.bodies.length / 2 + stubs.length);
    for (let at = 0; at < code.ranges.length; at += 2) content.copy(code.bytes, code.ranges[at]!, code.ranges[at + 1]!);
    for (const stub of stubs) content.raw(stub.body);
  });
}

function copySection({ module, out }: Artifact, section: Section): void {
  out.byte(section.id);
  out.u32(section.end - section.start);
  out.copy(module.bytes, section.start, section.end);
}

function find(module: DecodedModule, id: number): Section | undefined {
  return module.sections.find((section) => section.id === id);
}

/** At most. */
function addedExports({ module, exposed, tables }: Pick<Artifact, 'module' | 'exposed' | 'tables'>): number {
  const own = module.start === undefined ? 5 : 6;
  return own + exposed.length + (tables ? tables.tables.length + tables.functions.length : 0);
}

function assertRoom(artifact: Pick<Artifact, 'module' | 'stubs' | 'exposed' | 'tables'>): void {
  const { module, stubs } = artifact;
  const end = module.bytes.length;
  if (module.functionTypes.length + stubs.length > MAX_FUNCTIONS) throw new WasmRefused('too many functions', end);
  if (module.types.declared + module.types.added.length > MAX_TYPES) throw new WasmRefused('too many types', end);
  if (module.globals.length + 4 > MAX_GLOBALS) throw new WasmRefused('too many globals', end);
  if (module.exports.length + addedExports(artifact) > MAX_EXPORTS) throw new WasmRefused('too many exports', end);
}
