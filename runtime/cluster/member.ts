import cluster, { type Worker } from 'node:cluster';
import { EventEmitter, once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { closeLostConnections } from './lost-connections.ts';
import type { FromMember, Role, ToMember } from './messages.ts';
import { relayLines } from './relay-lines.ts';
import { Restarts } from './restarts.ts';

type Ready = Extract<FromMember, { kind: 'ready' }>;

export interface MemberEvents {
  /** The process ended without being asked to, and is going to be started again. */
  readonly died: (member: Member, how: string) => void;
  /** It has ended too often. */
  readonly gaveUp: (member: Member) => void;
}

/** How long a process may take to close, once it is drained, in milliseconds. */
const CLOSING_MS = 4_000;

/** One of several processes: started, and started again when it dies, until it is told to stop. */
export class Member {
  readonly role: Role;
  readonly #config: Config;
  readonly #events: MemberEvents;
  readonly #restarts = new Restarts();
  readonly #answers: EventEmitter = new EventEmitter();
  #worker: Worker | undefined;
  #isUp = false;
  #startedAt = 0;
  #again: NodeJS.Timeout | undefined;
  #stopping = false;
  #nextId = 0;

  constructor(role: Role, config: Config, events: MemberEvents) {
    this.role = role;
    this.#config = config;
    this.#events = events;
  }

  get pid(): number | undefined {
    return this.#worker?.process.pid;
  }

  /** Resolves when it serves; rejects with why it cannot. What dies later is started again. */
  async start(): Promise<Ready> {
    const first = this.#fork();
    const settled = new AbortController();
    const dead = ended(first, settled.signal).then(() => {
      throw new Error(`The ${this.role} ended before it served.`);
    });
    dead.catch(() => undefined);
    const told = new Promise<Ready>((resolve, reject) => {
      first.on('message', (message: FromMember) => {
        if (message.kind === 'ready') resolve(message);
        else if (message.kind === 'failed') reject(Object.assign(new Error(message.error.message), message.error));
      });
    });
    try {
      const ready = await Promise.race([told, dead]);
      this.#watch(first);
      return ready;
    } catch (error) {
      this.#stopping = true;
      this.#isUp = false;
      first.process.kill('SIGKILL');
      throw error;
    } finally {
      settled.abort();
    }
  }

  async functions(limit: number): Promise<Extract<FromMember, { kind: 'functions' }>['functions']> {
    const id = this.#nextId++;
    const answer = once(this.#answers, String(id));
    this.#send({ kind: 'functions', id, limit });
    return (await answer)[0];
  }

  /** Resolves when it has finished what it had let in, and ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#again);
    const worker = this.#worker;
    if (worker === undefined || worker.isDead()) return;
    const gone = ended(worker);
    const kill = (): boolean => worker.process.kill('SIGKILL');
    // One that does not listen yet has let nothing in.
    if (this.#isUp) this.#send({ kind: 'stop' });
    else kill();
    const late = setTimeout(kill, this.#config.drainSeconds * 1_000 + CLOSING_MS);
    await gone;
    clearTimeout(late);
  }

  #fork(): Worker {
    const exec = fileURLToPath(new URL('./child.js', import.meta.url));
    cluster.setupPrimary({ exec, args: [], silent: true });
    const worker = cluster.fork();
    this.#worker = worker;
    this.#isUp = false;
    this.#startedAt = performance.now();
    const { stdout, stderr } = worker.process;
    relayLines(stdout as Readable, process.stdout);
    relayLines(stderr as Readable, process.stderr);
    closeLostConnections(worker);
    worker.on('error', () => undefined);
    worker.on('message', (message: FromMember) => {
      if (message.kind === 'up' && !this.#stopping) {
        this.#isUp = true;
        this.#send({ kind: 'start', role: this.role, config: this.#config });
      }
      if (message.kind === 'functions') this.#answers.emit(String(message.id), message.functions);
    });
    return worker;
  }

  #watch(worker: Worker): void {
    if (worker.isDead()) this.#died('while it started');
    else worker.once('exit', (code, signal) => this.#died(signal ?? `exit code ${code}`));
  }

  #died(how: string): void {
    if (this.#stopping) return;
    const delay = this.#restarts.after(performance.now() - this.#startedAt);
    if (delay === 'never') this.#events.gaveUp(this);
    else {
      this.#events.died(this, how);
      this.#again = setTimeout(() => this.#restart(), delay);
    }
  }

  #restart(): void {
    const worker = this.#fork();
    worker.on('message', (message: FromMember) => {
      if (message.kind === 'failed') worker.process.kill('SIGKILL');
    });
    this.#watch(worker);
  }

  #send(message: ToMember): void {
    if (this.#worker?.isConnected()) this.#worker.send(message);
  }
}

/** Unlike `once` of events it does not mind the errors of a channel whose process has just gone. */
function ended(worker: Worker, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    signal?.addEventListener('abort', () => resolve());
  });
}
