import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildArtifact } from '../../runtime/isolate/index.ts';
import { FileBlobStore } from '../../runtime/store/blobs/file-blob-store.ts';
import { createInput, openRegistry, SCOPE } from './fixture.ts';

// Deploys a function and kills itself before or after the blob of a number is written: its package, manifest, module, image.
const [directory = '', when = '', number = '', update = ''] = process.argv.slice(2);

class DyingBlobStore extends FileBlobStore {
  #puts = 0;

  override async put(bytes: Uint8Array): Promise<string> {
    this.#puts++;
    const dies = this.#puts === Number(number);
    if (dies && when === 'before') process.kill(process.pid, 'SIGKILL');
    const written = super.put(bytes);
    if (dies && when === 'during') setImmediate(() => process.kill(process.pid, 'SIGKILL'));
    const hash = await written;
    if (dies) process.kill(process.pid, 'SIGKILL');
    return hash;
  }
}

const { registry } = openRegistry(directory, {
  build: async (module, options) => buildArtifact(module, options),
  blobs: new DyingBlobStore(join(directory, 'blobs')),
});
await registry.open();
const package_ = readFileSync(join(directory, 'module.wasm'));
if (update) await registry.updateCode(SCOPE, 'f', { package: package_ });
else await registry.create(SCOPE, 'f', { ...createInput(), package: package_ });
