import type { FunctionVersion } from '../contract/function-version.ts';

/** How an isolate came to be, in Lambda's words. */
export type InitializationType = 'on-demand' | 'provisioned-concurrency';

/**
 * The variables that Lambda sets itself, but for the trace id, which is each call's own. Those of the first group a function
 * may set otherwise. A draft, which is a version before it has a name, has none: nothing of a function may get into an image.
 * There is no AWS_EXECUTION_ENV, as in Lambda's provided runtimes, and no credentials: the capabilities need none.
 */
export function toReservedVariables(
  version: FunctionVersion,
  initializationType: InitializationType,
): { readonly defaults: Readonly<Record<string, string>>; readonly fixed: Readonly<Record<string, string>> } {
  if (version.arn === '') return { defaults: {}, fixed: {} };
  const region = version.arn.split(':')[3] ?? '';
  return {
    defaults: {
      LANG: 'en_US.UTF-8',
      LD_LIBRARY_PATH: '/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib',
      PATH: '/usr/local/bin:/usr/bin/:/bin:/opt/bin',
      TZ: ':UTC',
    },
    fixed: {
      _HANDLER: version.handler,
      AWS_DEFAULT_REGION: region,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.memoryMb),
      AWS_LAMBDA_FUNCTION_NAME: version.name,
      AWS_LAMBDA_FUNCTION_VERSION: version.version,
      AWS_LAMBDA_INITIALIZATION_TYPE: initializationType,
      AWS_LAMBDA_LOG_GROUP_NAME: version.logGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: version.logStream,
      AWS_REGION: region,
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      LAMBDA_TASK_ROOT: '/var/task',
    },
  };
}
