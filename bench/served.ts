import { availableParallelism } from 'node:os';
import { openIsola, openIsolaAgain } from './peers/isola.ts';
import type { Peer, Site } from './peers/peer.ts';
import { processesOf } from './resident.ts';
import { BARE, startServer } from './server-process.ts';
import { ROOT_KEY, signInvocation } from './signed-invocation.ts';
import type { Subject } from './subject.ts';

const LABELS = {
  bare: 'bare node:http echo',
  reused: 'isola, state reused',
  fresh: 'isola, fresh image each time',
  workerdFresh: 'workerd, new instance each time',
  workerdWarm: 'workerd, instance reused',
  signed: 'isola, fresh, signatures on',
  processes: 'isola, fresh, a process for each core',
} as const;
export type ServedName = keyof typeof LABELS;

/** A path of a server that is up: a POST of the event is answered with what is expected. */
export interface Served {
  readonly name: ServedName;
  readonly label: string;
  readonly url: string;
  readonly path: string;
  /** Of all its processes. */
  readonly pids: readonly number[];
  readonly expected: string;
  /** To send with the requests of the next minutes. */
  headers(): Promise<Readonly<Record<string, string>>>;
}

export interface Servers {
  readonly served: readonly Served[];
  close(): Promise<void>;
}

const SIGNED = {
  ISOLA_AUTH: 'on',
  ISOLA_ROOT_ACCESS_KEY_ID: ROOT_KEY.accessKeyId,
  ISOLA_ROOT_SECRET_ACCESS_KEY: ROOT_KEY.secretAccessKey,
};

/** Starts a process for each: the bare server, Isola as it is, with signatures and in several, and the peers that the user has. */
export async function openServers(given: {
  readonly subject: Subject;
  readonly peers: readonly Peer[];
  readonly resolve: NodeJS.Require;
  readonly scratch: string;
  /** Isola's processor profiles go to this folder. */
  readonly profile: string | undefined;
}): Promise<Servers> {
  const { subject, peers, resolve, scratch, profile } = given;
  const open: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const one of open) await one.close();
  };
  const opened = async <One extends { close(): Promise<void> }>(opening: Promise<One>): Promise<One> => {
    const one = await opening;
    open.push(one);
    return one;
  };
  let expected = '';
  const serve = (name: ServedName, { url, pid }: Pick<Site, 'url' | 'pid'>, path: string): Served => ({
    ...{ name, label: LABELS[name], url, path, pids: [pid], headers: async () => ({}) },
    expected,
  });
  try {
    const bare = await opened(startServer(BARE, {}).then((one) => ({ ...one, close: one.stop })));
    const isola = await opened(openIsola(subject, scratch, { profile }));
    expected = subject.result ?? (await isola.answer());
    const signed = await opened(openIsolaAgain(subject, scratch, SIGNED));
    const several = await opened(openIsolaAgain(subject, scratch, { ISOLA_PROCESSES: String(availableParallelism()) }));
    const served = [
      { ...serve('bare', bare, '/'), expected: subject.event },
      serve('reused', isola, isola.warm),
      serve('fresh', isola, isola.fresh as string),
    ];
    for (const peer of peers) {
      const site = await opened(peer.open(subject, resolve, scratch));
      served.push(serve('workerdFresh', site, site.fresh as string), serve('workerdWarm', site, site.warm));
    }
    served.push({ ...serve('processes', several, several.fresh as string), pids: processesOf(several.pid) });
    served.push({
      ...serve('signed', signed, signed.fresh as string),
      headers: () => signInvocation(signed.url, signed.fresh as string, subject.event),
    });
    return { served, close };
  } catch (error) {
    await close();
    throw error;
  }
}
