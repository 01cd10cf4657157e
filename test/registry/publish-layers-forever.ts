import { writeSync } from 'node:fs';
import { createBuilder, moduleOf, openRegistry, SCOPE } from './fixture.ts';

// Publishes versions of a layer, several at a time, deletes every third, and prints the numbers that it was given.
const [directory = ''] = process.argv.slice(2);
const { registry } = openRegistry(directory, { build: createBuilder() });
await registry.open();
const { layers } = registry;
for (let turn = 0; ; turn++) {
  const published = await Promise.all(
    Array.from({ length: 4 }, (_, lane) =>
      layers.publish(SCOPE, 'l', { package: moduleOf(`${turn}/${lane}`), description: `${turn}/${lane}` }),
    ),
  );
  for (const { record } of published) {
    if (record.version % 3 === 0) await layers.delete(SCOPE, 'l', record.version);
    writeSync(1, `${record.version} ${record.description}\n`);
  }
}
