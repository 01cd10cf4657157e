import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildFunction } from '../../../runtime/cli/toolchain/build.ts';
import { writeTemplate } from '../../../runtime/cli/toolchain/template.ts';
import { toGuest } from '../../support/guest.ts';
import { httpEvent } from '../../support/http-event.ts';

let folder: string;
let lines: string[];
const report = (line: string): void => void lines.push(line);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isola-build-'));
  lines = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = async (file: string, content: string | Uint8Array): Promise<void> => {
  await mkdir(join(folder, file, '..'), { recursive: true });
  await writeFile(join(folder, file), content);
};

const SHOUT = 'export function handler(event: string): string { return event.toUpperCase(); }\n';

describe('buildFunction', () => {
  it('builds what isola init writes, anywhere', async () => {
    const files = await writeTemplate(join(folder, 'greeter'), 'greeter');
    expect(files).toEqual(['.gitignore', 'README.md', 'assembly/index.ts', 'isola.json', 'tsconfig.json']);
    const built = await buildFunction(join(folder, 'greeter'), report);
    expect(built.outFile).toBe(join(folder, 'greeter', 'build', 'greeter.wasm'));
    expect(built.handler).toBe('index.handler');
    const { result, log } = toGuest(built.wasm)(JSON.stringify(httpEvent('GET', '/hello/Ada')));
    expect(JSON.parse(result)).toMatchObject({ statusCode: 200, body: 'Hello, Ada!\n' });
    expect(log).toEqual(['INFO\tgreeting Ada']);
    await expect(writeTemplate(join(folder, 'greeter'), 'greeter')).rejects.toThrow('is not empty');
  });

  it('builds again only when an input changed', async () => {
    await write('isola.json', '{"name":"shout"}');
    await write('index.ts', `import { tail } from './tail';\n${SHOUT.replace('()', '() + tail')}`);
    await write('tail.ts', 'export const tail: string = "!";\n');
    const first = await buildFunction(folder, report);
    const again = await buildFunction(folder, report);
    expect(Buffer.compare(again.wasm, first.wasm)).toBe(0);
    expect(lines.at(-1)).toContain('is up to date');
    await write('tail.ts', 'export const tail: string = "?";\n');
    const changed = await buildFunction(folder, report);
    expect(lines.at(-1)).toContain('is built');
    expect(toGuest(changed.wasm)('a').result).toBe('A?');
    await write('build/shout.wasm', 'damaged');
    expect(Buffer.compare((await buildFunction(folder, report)).wasm, changed.wasm)).toBe(0);
  });

  it('names the place of a mistake', async () => {
    await write('isola.json', '{"name":"typo"}');
    await write('index.ts', 'export function handler(event: string): string {\n  return evnt;\n}\n');
    await expect(buildFunction(folder, report)).rejects.toMatchObject({
      name: 'BuildError',
      message: expect.stringMatching(
        /index\.ts does not compile[\s\S]*Cannot find name 'evnt'[\s\S]*index\.ts\(2,10\)/,
      ),
    });
  });

  it('takes a prebuilt module as it is', async () => {
    const wasm = await readFile('functions/csv-summary/csv-summary.wasm');
    await write('isola.json', '{"name":"ready"}');
    await write('ready.wasm', wasm);
    expect(await buildFunction(folder, report)).toEqual({
      wasm,
      handler: 'index.handler',
      outFile: join(folder, 'ready.wasm'),
    });
    await write('second.wasm', wasm);
    await expect(buildFunction(folder, report)).rejects.toThrow('several .wasm files (ready.wasm, second.wasm)');
    await write('isola.json', '{"name":"ready","entry":"second.wasm"}');
    expect((await buildFunction(folder, report)).outFile).toBe(join(folder, 'second.wasm'));
  });

  it('says so when there is nothing to build', async () => {
    await write('isola.json', '{"name":"empty"}');
    await expect(buildFunction(folder, report)).rejects.toThrow('There is nothing to build');
    await expect(buildFunction(join(folder, 'absent'), report)).rejects.toThrow('There is no folder');
    await write('isola.json', '{"name":"empty","entry":"a.ts"}');
    await expect(buildFunction(folder, report)).rejects.toThrow('there is no "entry" a.ts');
  });
});

describe('C sources without a compiler', () => {
  let sdkPath: string | undefined;
  beforeEach(() => {
    sdkPath = process.env.WASI_SDK_PATH;
    process.env.WASI_SDK_PATH = join(folder, 'no-sdk');
  });
  afterEach(() => {
    if (sdkPath === undefined) delete process.env.WASI_SDK_PATH;
    else process.env.WASI_SDK_PATH = sdkPath;
  });

  it('fall back to the module beside them', async () => {
    await cp('functions/csv-summary', join(folder, 'csv'), { recursive: true });
    const { outFile } = await buildFunction(join(folder, 'csv'), report);
    expect(outFile).toBe(join(folder, 'csv', 'csv-summary.wasm'));
  });

  it('say what to install when there is none', async () => {
    await write('isola.json', '{"name":"c"}');
    await write('main.c', 'int main(void) { return 0; }\n');
    await expect(buildFunction(folder, report)).rejects.toThrow('apt-get install clang lld wasi-libc');
  });
});
