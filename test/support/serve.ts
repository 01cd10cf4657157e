import { startIsola } from '../../runtime/main.ts';

/** A process of its own for tests that kill it: prints where it answers, as JSON, and serves until it is ended. */
const running = await startIsola();
console.log(JSON.stringify({ url: running.url, credentialsFile: running.credentialsFile }));
