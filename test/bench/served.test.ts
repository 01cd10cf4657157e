import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Child } from '../../bench/child.ts';
import type { LoadAnswer, LoadQuestion } from '../../bench/load-generator.ts';
import { openServers } from '../../bench/served.ts';
import { helloSubject } from '../../bench/subject.ts';

const REQUESTS = 100;

it('loads every server of the throughput bench with calls that all are answered as they must be', {
  timeout: 120_000,
}, async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'isola-bench-'));
  const subject = await helloSubject();
  const resolve = createRequire(import.meta.url);
  const servers = await openServers({ subject, peers: [], resolve, scratch, profile: undefined });
  const load = new Child(new URL('../../bench/load-generator.js', import.meta.url));
  try {
    for (const { url, path, expected, headers } of servers.served) {
      const question: LoadQuestion = {
        ...{ url, paths: [path], body: subject.event, headers: await headers(), expected },
        ...{ connections: 4, requests: REQUESTS },
      };
      expect(await load.ask<LoadAnswer>(question)).toMatchObject({ requests: REQUESTS });
    }
  } finally {
    await load.stop();
    await servers.close();
    await rm(scratch, { recursive: true, force: true });
  }
});
