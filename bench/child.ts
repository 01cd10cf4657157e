import { fork } from 'node:child_process';

/** Runs a module of the bench in a process of its own, gives it a question and waits for its answer; both are JSON. */
export function askChild<Answer>(
  script: URL,
  question: unknown,
  options: { readonly execArgv?: readonly string[] } = {},
): Promise<Answer> {
  const child = fork(script, {
    execArgv: [...(options.execArgv ?? [])],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let answer: { readonly value: Answer } | undefined;
    child.once('message', (message) => {
      answer = message as { readonly value: Answer };
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (answer) resolve(answer.value);
      else reject(new Error(`${script.pathname} ended with ${code} and no answer`));
    });
    child.send({ question });
  });
}

/** The child's side: answers the one question and ends. */
export function answerParent<Question>(answer: (question: Question) => Promise<unknown>): void {
  process.once('message', (message) => {
    void answer((message as { readonly question: Question }).question).then(
      (value) => process.send?.({ value }, () => process.exit(0)),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
