import { startProcess } from '../main.ts';
import { openService } from '../service.ts';
import { openFront } from './front.ts';
import { Keeper } from './keeper.ts';
import { type FromMember, type ToMember, toShare } from './messages.ts';
import { toPlaces } from './places.ts';

/**
 * One of several processes, as the supervisor forks it: serves what it is told to until it is told to stop. When the supervisor
 * has gone, nobody could tell it any more, and it ends at once: what was acknowledged is on disk.
 */
let running: ReturnType<typeof startProcess> | undefined;

process.on('disconnect', () => process.exit(1));
// Signals reach the whole group of a terminal; the supervisor says what they mean.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('message', (message: ToMember) => void receive(message));
tell({ kind: 'up' });

async function receive(message: ToMember): Promise<void> {
  switch (message.kind) {
    case 'start':
      return start(message);
    case 'functions': {
      const functions = (await (await running)?.functions(message.limit)) ?? [];
      return tell({ kind: 'functions', id: message.id, functions });
    }
    case 'stop':
      await (await running)?.stop();
      process.exit(0);
  }
}

async function start({ role, config }: Extract<ToMember, { kind: 'start' }>): Promise<void> {
  process.title = `isola ${role}`;
  try {
    const places = toPlaces(config.dataDir);
    const share = toShare(role, config.processes);
    const keeper = new Keeper(places, config.processes);
    running = startProcess(config, {
      share,
      open: (deps) => (role === 'keeper' ? openService(deps, keeper) : openFront(deps, places)),
    });
    const { url, publicUrl, dataDir, credentialsFile } = await running;
    tell({ kind: 'ready', url, publicUrl, dataDir, credentialsFile });
  } catch (error) {
    const { name, message, code, syscall, port } = error as NodeJS.ErrnoException & { readonly port?: number };
    tell({ kind: 'failed', error: { name, message, code, syscall, port } });
  }
}

function tell(message: FromMember): void {
  process.send?.(message);
}
