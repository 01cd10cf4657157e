import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LambdaError } from '../../../runtime/contract/errors.ts';
import { functionOperations } from '../../../runtime/gateway/lambda-api/functions.ts';
import { layerOperations } from '../../../runtime/gateway/lambda-api/layers.ts';
import { createWorkbench, moduleOf, ROLE, SCOPE, type Workbench } from '../../registry/fixture.ts';
import { mutatedZip } from '../../registry/mutated-zip.ts';
import { zipOf } from '../../registry/zip-of.ts';
import { createCaller } from './fixture.ts';

describe('a damaged archive', () => {
  let bench: Workbench;
  let call: ReturnType<typeof createCaller>;
  const zips: Buffer[] = [];
  beforeAll(async () => {
    bench = await createWorkbench();
    call = createCaller([...functionOperations(bench.registry), ...layerOperations(bench.registry)]);
    const files = { 'lib/name': 'text', name: 'more '.repeat(40), bootstrap: Buffer.from(moduleOf('one')) };
    for (const options of [{}, { compress: false }, { forceZip64Format: true }]) zips.push(await zipOf(files, options));
    const Code = { ZipFile: zips[0]?.toString('base64') };
    const settings = { FunctionName: 'f', Role: ROLE, Runtime: 'provided', Handler: 'h' };
    await call('CreateFunction', { body: { ...settings, Code } });
  });
  afterAll(() => bench.dispose());

  /** True when it was taken; what it is refused with is the caller's fault, and said in Lambda's words. */
  async function isTaken(name: string, request: object): Promise<boolean> {
    try {
      await call(name, request);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(LambdaError);
      expect((error as LambdaError).status).toBeLessThan(500);
      expect((error as LambdaError).message.length).toBeLessThan(1_000);
      return false;
    }
  }

  it('is no way to fail a function or a layer, and both agree on what it is', async () => {
    const counts = { taken: 0, refused: 0 };
    const before = await call('GetFunction', { params: { FunctionName: 'f' } });
    await fc.assert(
      fc.asyncProperty(mutatedZip(zips), async (zip) => {
        const ZipFile = zip.toString('base64');
        const asCode = await isTaken('UpdateFunctionCode', {
          params: { FunctionName: 'f' },
          body: { ZipFile, DryRun: true },
        });
        const asLayer = await isTaken('PublishLayerVersion', {
          params: { LayerName: 'l' },
          body: { Content: { ZipFile } },
        });
        if (asCode) expect(asLayer).toBe(true);
        counts[asLayer ? 'taken' : 'refused']++;
      }),
      { numRuns: 800 },
    );
    expect(counts.taken).toBeGreaterThan(20);
    expect(counts.refused).toBeGreaterThan(200);
    expect(await call('GetFunction', { params: { FunctionName: 'f' } })).toEqual(before);
    const { versions = [] } = { versions: await bench.registry.layers.listVersions(SCOPE, 'l', {}) };
    expect(versions).toHaveLength(counts.taken);
  });
});
