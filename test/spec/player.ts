import { decodeModule } from '../../runtime/wasm/index.ts';
import { callBitExact, readBitExact } from './bit-exact-call.ts';
import type { Signature } from './bit-relay.ts';
import { type Outcome, toOutcome } from './outcome.ts';
import type { Action, Command } from './script.ts';
import type { Value } from './values.ts';
import { Refused, type World } from './world.ts';

/** What a module of the script became: undefined exports when it could not be instantiated here. */
interface Instance {
  readonly exports: WebAssembly.Exports | undefined;
  readonly failure: Error | undefined;
  readonly signatures: ReadonlyMap<string, Signature>;
}

/** Plays the commands of one script in one world. */
export class Player {
  readonly #world: World;
  readonly #instances = new Map<string, Instance>();
  readonly #definitions = new Map<string, Uint8Array>();
  #last: Instance | undefined;
  #lastDefinition: Uint8Array | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** `code` is the module that the command names, assembled. */
  play(command: Command, code: Uint8Array | undefined): Outcome {
    switch (command.kind) {
      case 'module':
        return this.#instantiate(command.name, code);
      case 'definition':
        this.#lastDefinition = code;
        if (command.name !== undefined && code) this.#definitions.set(command.name, code);
        return { kind: 'values', values: [] };
      case 'instance':
        return this.#instantiate(
          command.name,
          command.of === undefined ? this.#lastDefinition : this.#definitions.get(command.of),
        );
      case 'register':
        return toOutcome(() => {
          const { exports, failure } = this.#instance(command.name);
          if (failure instanceof Refused) this.#world.register(command.as, failure);
          if (!exports) throw failure;
          this.#world.register(command.as, exports);
          return [];
        });
      case 'action':
      case 'returns':
      case 'traps':
      case 'exhausts':
      case 'throws':
        return toOutcome(() => this.#act(command.action));
      case 'invalid':
      case 'malformed':
        return toOutcome(() => {
          this.#world.check(present(code));
          return [];
        });
      case 'thread':
        return { kind: 'broken', message: 'no threads are played' };
      case 'unlinkable':
      case 'traps at start':
        return toOutcome(() => {
          this.#world.instantiate(present(code));
          return [];
        });
    }
  }

  #instantiate(name: string | undefined, code: Uint8Array | undefined): Outcome {
    const outcome = toOutcome(() => {
      this.#last = { exports: undefined, failure: undefined, signatures: new Map() };
      try {
        const exports = this.#world.instantiate(present(code));
        this.#last = { exports, failure: undefined, signatures: signaturesOf(present(code)) };
      } catch (error) {
        this.#last = { ...this.#last, failure: error as Error };
        throw error;
      }
      return [];
    });
    if (name !== undefined && this.#last) this.#instances.set(name, this.#last);
    return outcome;
  }

  #instance(name: string | undefined): Instance {
    const instance = name === undefined ? this.#last : this.#instances.get(name);
    if (!instance) throw new Error(`no instance ${name ?? ''}`);
    return instance;
  }

  #act({ kind, instance: name, field, args }: Action): readonly Value[] {
    const { exports, failure, signatures } = this.#instance(name);
    if (!exports) throw failure;
    const target = exports[field];
    if (kind === 'invoke' && typeof target === 'function')
      return callBitExact(target as (...args: unknown[]) => unknown, signatures.get(field), args);
    if (kind === 'get' && target instanceof WebAssembly.Global) return [readBitExact(target)];
    throw new Error(`no ${kind === 'get' ? 'global' : 'function'} ${field}`);
  }
}

/** Of the exported functions. None of a module that the rewriter cannot read, which no metered world has either. */
function signaturesOf(code: Uint8Array): ReadonlyMap<string, Signature> {
  try {
    return new Map(decodeModule(code).exports.flatMap(({ name, type }) => (type === undefined ? [] : [[name, type]])));
  } catch {
    return new Map();
  }
}

function present(code: Uint8Array | undefined): Uint8Array {
  if (!code) throw new Error('no module');
  return code;
}
