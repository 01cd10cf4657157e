import { Closers } from '../closers.ts';
import type { LoadedArtifact } from '../contract/artifact.ts';
import type { Authorizer } from '../contract/authorizer.ts';
import { mostDescriptors } from '../descriptors.ts';
import { createApps, openListeners } from '../gateway/index.ts';
import { toFunctionArn } from '../registry/function-name.ts';
import { layOut } from '../registry/package-files.ts';
import type { Service, ServiceDeps } from '../service.ts';
import { ChangeReader } from './change-counters.ts';
import { gone } from './channel.ts';
import { createChoose } from './choose.ts';
import { ForwardedCalls } from './forwarded-calls.ts';
import { createFrontGateway } from './front-gateway.ts';
import { FunctionView } from './function-view.ts';
import { KeeperLink } from './keeper-link.ts';
import type { Places } from './places.ts';

/**
 * What faces the network in one of several processes that does not have the data directory: it runs what is invoked and waited
 * for, of what it knows of the functions, and passes on the rest. The keeper is there before it is opened.
 */
export async function openFront(deps: ServiceDeps, places: Places): Promise<Service> {
  const { config, pool, observer, invoke } = deps;
  const closers = new Closers();
  try {
    // One that is passed on takes two.
    const connections = Math.min(config.connections, Math.floor(mostDescriptors() / 3));
    const listeners = await openListeners({ ...config, connections });
    closers.add(() => listeners.cut());
    const changes = new ChangeReader(places.changes);
    closers.add(() => changes.close());
    const calls = new ForwardedCalls(() => link);
    const link: KeeperLink = new KeeperLink(places.channel, {
      asked: () => deps.metricValues(),
      park: ({ id }) => calls.park(id),
      forget: ({ image }) => pool.forget(image),
    });
    closers.add(() => link.close());
    await link.present();
    const root = link.hello?.rootKey;
    if (root === undefined) throw gone();
    deps.usage.open({ add: async (usage) => void (await link.ask('usage', { usage })) });
    closers.add(() => deps.usage.close());
    if (config.logsMb > 0) deps.lines.open(async (lines) => void (await link.ask('lines', { lines })));
    closers.add(() => deps.lines.settled());

    const view = new FunctionView({
      changes,
      ask: (kind, question) => link.ask(kind, question),
      // What is reserved is nobody's here: it only takes from what all the others share.
      reserved: (scope, count) => deps.reserve(toFunctionArn({ ...scope, name: '' }), count),
    });
    let ready = true;
    const { accountId } = config;
    const own = createApps({
      ...{ config, observer, invoke, tracer: deps.tracer, registry: view, authorizer: NOBODY_MAY, clock: Date.now },
      ...{ publicPort: listeners.publicPort, metrics: deps.metrics, ready: () => ready },
      ...{
        enqueue: elsewhere,
        operations: elsewhere,
        identities: elsewhere,
        queues: elsewhere,
        buses: elsewhere,
        buckets: elsewhere,
        logs: elsewhere,
        topics: elsewhere,
        apis: elsewhere,
      },
      urlPort: listeners.urlPort,
      credentials: (keyId) =>
        keyId === root.accessKeyId ? { ...root, principal: { kind: 'root', accountId } } : undefined,
    });
    const hasPublicPort = listeners.publicPort !== undefined;
    const choose = createChoose({ config, view, rootKeyId: root.accessKeyId, hasPublicPort });
    const { door } = places;
    const gateway = createFrontGateway({ apps: own, choose, link, door, ready: () => ready, observer });
    closers.add(() => gateway.close());
    listeners.serve(gateway.apps);
    return {
      ...{ url: listeners.url, publicUrl: listeners.publicUrl, credentialsFile: '', hostCalls: calls.serve },
      load: async (version) => toShared(await link.ask('load', version)),
      mayLog: (version) => view.mayLog(version),
      asyncEvents: { size: 0, age: 0 },
      functions: async () => [],
      async drain() {
        ready = false;
        await listeners.close();
      },
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** What is not root's is passed on before anyone asks. */
const NOBODY_MAY: Authorizer = {
  ready: () => undefined,
  judge: () => ({ decision: 'unmentioned', by: 'identity' }),
  mayRole: () => false,
  suits: () => 'unknown',
};

function elsewhere(): Promise<never> {
  return Promise.reject(new Error('A front was asked for what the keeper does.'));
}

/** Files in memory that threads share. */
function toShared(artifact: LoadedArtifact): LoadedArtifact {
  return { ...artifact, files: share(artifact.files), layers: share(artifact.layers) };
}

function share(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const places = layOut(
    [...files].map(([path, bytes]) => [path, bytes.byteLength]),
    'shared',
  );
  for (const [path, bytes] of files) places.get(path)?.set(bytes);
  return places;
}
