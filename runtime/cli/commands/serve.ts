import type { Arguments, Command, Host, Result } from '../command.ts';
import { CliError, systemCode } from '../failure.ts';
import { toFunctionUrl } from '../function-url.ts';
import type { Served } from '../ports.ts';
import { toBox } from '../style.ts';

export const serveCommand: Command = {
  name: 'serve',
  synopsis: '',
  summary: 'run Isola in this shell until it is interrupted',
  positionals: { min: 0, max: 0 },
  options: {
    examples: { type: 'flag', help: 'build and deploy the examples in functions/' },
    host: { type: 'text', value: 'HOST', help: 'address to listen on (ISOLA_HOST, default 127.0.0.1)' },
    'public-port': { type: 'text', value: 'PORT', help: 'port of function URLs alone (ISOLA_PUBLIC_PORT)' },
    port: { type: 'text', value: 'PORT', help: 'port to listen on (ISOLA_PORT, default 8420)' },
    processes: { type: 'text', value: 'N', help: 'processes that share the port (ISOLA_PROCESSES, default 1)' },
    'data-dir': { type: 'text', value: 'FOLDER', help: 'where functions are kept (ISOLA_DATA_DIR, default .isola)' },
  },
  run: serve,
};

/** A greeting looks at no more functions than this: it must not hold up the first request of a server that has thousands. */
const SHOWN = 100;
/** Examples that answer a bare GET. */
const EASY = ['hello', 'units'];
const SETTINGS = {
  host: 'ISOLA_HOST',
  port: 'ISOLA_PORT',
  'public-port': 'ISOLA_PUBLIC_PORT',
  processes: 'ISOLA_PROCESSES',
  'data-dir': 'ISOLA_DATA_DIR',
} as const;

async function serve(args: Arguments, host: Host): Promise<Result> {
  const given = Object.entries(SETTINGS).flatMap(([option, name]) => {
    const value = args.text(option);
    return value === undefined ? [] : [[name, value] as const];
  });
  const env = { ...host.env, ...Object.fromEntries(given) };
  const running = await start(env, host);
  try {
    return await welcome(running, args, { ...host, env: toOwnEnv(env, running) });
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** Deploys the examples when asked to, and draws what is running. */
async function welcome(running: Served, args: Arguments, host: Host): Promise<Result> {
  const { url, publicUrl, dataDir, credentialsFile } = running;
  if (args.flag('examples')) await deployAll(url, host);
  const functions = await running.functions(SHOWN + 1);
  const picture = toBox([
    'Isola: AWS Lambda on your own machine',
    '',
    `API          ${url}`,
    ...(publicUrl === url ? [] : [`URLs         ${publicUrl}`]),
    `data         ${dataDir}`,
    `credentials  ${credentialsFile}`,
    `functions    ${toCount(functions.length)}`,
  ]);
  const json = {
    url,
    publicUrl,
    dataDir,
    credentialsFile,
    functions: functions.slice(0, SHOWN).map(({ name }) => name),
  };
  return { json, text: [picture, toNextStep(publicUrl, functions)].join('\n') };
}

function toCount(functions: number): string {
  if (functions === 0) return 'none yet';
  return functions > SHOWN ? `more than ${SHOWN}` : String(functions);
}

/** Loads the client only for this: a server that is started without examples answers sooner. */
async function deployAll(url: string, host: Host): Promise<void> {
  const [{ deployExamples }, { createLambdaClient }] = await Promise.all([
    import('../examples.ts'),
    import('../lambda-client.ts'),
  ]);
  await deployExamples(await createLambdaClient(url, host), host);
}

/** A line that works when pasted. */
function toNextStep(url: string, functions: Awaited<ReturnType<Served['functions']>>): string {
  const easy = EASY.flatMap((name) => functions.find((one) => one.name === name) ?? []);
  const ranked = [...easy, ...functions];
  const open = ranked.find(({ hasUrl }) => hasUrl);
  if (open) return `Try:  curl '${toFunctionUrl(url, open.name)}'`;
  const [first] = ranked;
  return first === undefined
    ? 'Next, in another shell: isola init my-fn && cd my-fn && isola deploy'
    : `Try:  isola invoke ${first.name}`;
}

/** This process calls itself with its own root key, whatever key the user has for AWS. */
function toOwnEnv(env: Host['env'], running: Served): Host['env'] {
  return { ...env, AWS_ACCESS_KEY_ID: undefined, ISOLA_DATA_DIR: running.dataDir };
}

async function start(env: Host['env'], host: Host): Promise<Served> {
  const startIsola = await host.startIsola();
  try {
    return await startIsola(env);
  } catch (error) {
    const { syscall = '', port = env.ISOLA_PORT || '8420' } = error as { syscall?: string; port?: number };
    const address = `${env.ISOLA_HOST || '127.0.0.1'}:${port}`;
    switch (systemCode(error)) {
      case 'EADDRINUSE':
        throw new CliError(
          `${address} is in use: stop what listens there, or choose with \`isola serve --port PORT\`.`,
        );
      case 'EACCES':
        if (!['listen', 'bind'].includes(syscall)) throw error;
        throw new CliError(`${address} is not allowed to this user: choose a port above 1023 with --port.`);
      case 'EADDRNOTAVAIL':
        throw new CliError(`${address} is not an address of this machine: choose one with --host.`);
      default:
        throw error;
    }
  }
}
