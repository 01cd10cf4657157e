import type {
  Authorizer,
  ConditionContext,
  Judgement,
  Question,
  RoleFitness,
  RoleTaker,
} from '../contract/authorizer.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';
import type { Credential, Identities, IdentityDeps } from './identities.ts';

const BY_ROOT: Judgement = { decision: 'allowed', by: 'identity' };

/** The account's identities, loaded and read when someone but root first matters: a process that serves root alone needs none. */
export class DeferredIdentities implements Authorizer {
  readonly #deps: IdentityDeps;
  #opening: Promise<Identities> | undefined;
  #open: Identities | undefined;

  constructor(deps: IdentityDeps) {
    this.#deps = deps;
  }

  /** The identities themselves, for those who change them. */
  get(): Promise<Identities> {
    this.#opening ??= this.#load().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  ready(): Promise<void> | undefined {
    return this.#open === undefined ? this.get().then(() => undefined) : undefined;
  }

  judge(question: Question, resourcePolicy?: PolicyDocument): Judgement {
    return question.principal.kind === 'root' ? BY_ROOT : this.#opened.judge(question, resourcePolicy);
  }

  mayRole(roleArn: string, action: string, resource: string, context?: ConditionContext): boolean {
    return this.#opened.mayRole(roleArn, action, resource, context);
  }

  suits(roleArn: string, taker?: RoleTaker): RoleFitness {
    return this.#opened.suits(roleArn, taker);
  }

  async credential(accessKeyId: string): Promise<Credential | undefined> {
    return (await this.get()).credential(accessKeyId);
  }

  get #opened(): Identities {
    if (this.#open === undefined) throw new Error('Identities were asked before they were read.');
    return this.#open;
  }

  async #load(): Promise<Identities> {
    const { Identities } = await import('./identities.ts');
    const identities = new Identities(this.#deps);
    await identities.open();
    this.#open = identities;
    return identities;
  }
}
