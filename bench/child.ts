import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A module of the bench in a process of its own. Questions and answers are JSON; one at a time. */
export class Child {
  readonly #process: ChildProcess;
  readonly #name: string;

  constructor(script: URL, execArgv: readonly string[] = []) {
    this.#name = script.pathname;
    this.#process = fork(script, { execArgv: [...execArgv], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** Rejects when the process ends without an answer. */
  ask<Answer>(question: unknown): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: unknown): void => {
        this.#process.off('exit', onExit);
        resolve((message as { readonly value: Answer }).value);
      };
      const onExit = (code: number | null): void => {
        this.#process.off('message', onMessage);
        reject(new Error(`${this.#name} ended with ${code} and no answer`));
      };
      this.#process.once('message', onMessage);
      this.#process.once('exit', onExit);
      this.#process.send({ question });
    });
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.disconnect();
    await exited;
  }
}

/** Runs a module of the bench for one question. */
export async function askChild<Answer>(
  script: URL,
  question: unknown,
  options: { readonly execArgv?: readonly string[] } = {},
): Promise<Answer> {
  const child = new Child(script, options.execArgv);
  try {
    return await child.ask(question);
  } finally {
    await child.stop();
  }
}

/** The child's side: answers until its parent has no more questions, and ends. */
export function answerParent<Question>(answer: (question: Question) => Promise<unknown>): void {
  process.once('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    void answer((message as { readonly question: Question }).question).then(
      (value) => process.send?.({ value }),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
