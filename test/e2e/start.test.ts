import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startIsola } from '../../runtime/main.ts';

it('a start on a port that is taken leaves nothing behind', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const dataDir = join(tmpdir(), `isola-never-${process.pid}`);
  const start = startIsola({ ISOLA_PORT: String(port), ISOLA_DATA_DIR: dataDir, ISOLA_LOG: 'off' });
  await expect(start).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(existsSync(dataDir)).toBe(false);
  other.close();
});
