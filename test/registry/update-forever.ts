import { writeSync } from 'node:fs';
import { createBuilder, createInput, moduleOf, openRegistry, SCOPE } from './fixture.ts';

// Updates a function without end and prints every number whose update was acknowledged, until somebody kills it.
const [directory = ''] = process.argv.slice(2);
const { registry } = openRegistry(directory, { build: createBuilder() });
await registry.open();
await registry.create(SCOPE, 'f', createInput({ description: '0' }));
for (let n = 1; ; n++) {
  if (n % 2 === 0) await registry.updateCode(SCOPE, 'f', { package: moduleOf(`module ${n}`) });
  await registry.updateSettings(SCOPE, 'f', { settings: { description: String(n) } });
  await registry.create(SCOPE, `f${n}`, createInput());
  writeSync(1, `${n}\n`);
}
