import type { Config } from '../config.ts';
import type { Apps } from './app.ts';
import { Connections } from './connections.ts';
import { createHttpServer } from './server.ts';

/** The ports that are listened on: the API's, and that of function URLs, which may be the same. */
export interface Listeners {
  /** Base URLs, without a trailing slash. */
  readonly url: string;
  readonly publicUrl: string;
  /** The port that function URLs name. */
  readonly urlPort: number;
  /** The port of function URLs alone; undefined when there is one for all. */
  readonly publicPort: number | undefined;
  /** Answers what has come in, and what comes from now on. */
  serve(apps: Apps): void;
  /** Stops accepting; resolves when what was accepted is answered. */
  close(): Promise<void>;
  /** Stops accepting, and breaks what is open. */
  cut(): Promise<void>;
}

/** Opens the ports, so that one that is taken is known before anything else is begun: throws what the system says of it. */
export async function openListeners({
  host,
  port,
  publicPort,
  connections: most,
}: Pick<Config, 'host' | 'port' | 'publicPort' | 'connections'>): Promise<Listeners> {
  const connections = new Connections(most);
  const api = createHttpServer({ connections });
  const visitors = publicPort === undefined ? undefined : createHttpServer({ connections });
  const cut = async (): Promise<void> => {
    await Promise.all([api.cut(), visitors?.cut()]);
  };
  try {
    const { url, port: apiPort } = await api.listen(host, port);
    const separate = publicPort === undefined ? undefined : await visitors?.listen(host, publicPort);
    return {
      ...{ url, publicUrl: separate?.url ?? url },
      ...{ urlPort: separate?.port ?? apiPort, publicPort: separate?.port },
      serve(apps) {
        api.serve(apps.api);
        visitors?.serve(apps.public);
      },
      async close() {
        await Promise.all([api.close(), visitors?.close()]);
      },
      cut,
    };
  } catch (error) {
    await cut();
    throw error;
  }
}
