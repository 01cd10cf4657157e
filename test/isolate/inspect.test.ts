import { describe, expect, it } from 'vitest';
import { buildArtifact, inspectModule } from '../../runtime/isolate/index.ts';
import { assemble, guest } from '../support/wat.ts';

const OPTIONS = { memoryMb: 128, handler: 'index.handler', mostLoops: 5 };

describe('a report on a module', () => {
  it('says what it is and what a deploy makes of it', () => {
    const input = guest('echo');
    const report = inspectModule(input, OPTIONS);
    const built = buildArtifact(input, OPTIONS);
    expect(report).toMatchObject({ bytes: input.length, abi: 'buffer', resettable: true });
    expect(report).not.toHaveProperty('refused');
    expect(built).toMatchObject({ kind: 'built', manifest: { artifactBytes: report.artifactBytes } });
  });

  it.each([
    ['no ABI', assemble('(module (memory 1))')],
    ['an unknown import', guest('unknown-import')],
    ['no module at all', Uint8Array.of(1, 2, 3)],
    ['an unknown section', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 99, 0)],
    ['no memory', assemble('(module (func (export "isola_alloc") (param i32) (result i32) (i32.const 0)))')],
    ['too many table entries', assemble('(module (memory 1) (table 2000000 funcref) (func (export "isola_alloc")))')],
    ['a memory above MemorySize', assemble('(module (memory 4000) (func (export "isola_alloc")))')],
  ])('refuses %s in the words of a deploy', (_, input) => {
    const { refused } = inspectModule(input, OPTIONS);
    expect(refused).toBeTypeOf('string');
    expect(buildArtifact(input, OPTIONS)).toEqual({ kind: 'refused', message: refused });
  });

  it('shows of a refused module what can be read', () => {
    const input = guest('unknown-import');
    const report = inspectModule(input, OPTIONS);
    expect(report.imports?.length).toBeGreaterThan(0);
    expect(report.artifactBytes).toBeGreaterThan(input.length);
  });

  it('names the memory that a function needs', () => {
    const input = assemble('(module (memory 40 100) (func (export "isola_alloc")))');
    expect(inspectModule(input, OPTIONS)).toMatchObject({ memories: [{ minPages: 40, maxPages: 100 }], needsMb: 3 });
  });

  it('runs nothing of it', () => {
    expect(inspectModule(guest('spin-start'), OPTIONS)).toMatchObject({ abi: 'buffer' });
  });
});
