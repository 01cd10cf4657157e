import { LambdaError } from '../contract/errors.ts';
import type { GuestError } from '../contract/outcome.ts';

/** Runtimes of which the package brings the program: a module, here. */
const BROUGHT: readonly string[] = ['provided.wasm', 'provided.al2023', 'provided.al2', 'provided'];

/** Runtimes that Lambda has an interpreter for, and Isola has not. */
const INTERPRETED: readonly string[] = [
  ...['nodejs26.x', 'nodejs24.x', 'nodejs22.x', 'nodejs20.x', 'nodejs18.x'],
  ...['python3.15', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3.9'],
  ...['ruby4.0', 'ruby3.4', 'ruby3.3', 'ruby3.2'],
  ...['java25', 'java21', 'java17', 'java17.al2023', 'java11', 'java11.al2023', 'java8.al2', 'java8.al2023'],
  ...['dotnet10', 'dotnet8', 'go1.x'],
];

/** Runtimes that Lambda takes for layers, and for no new function any more. */
const DEPRECATED: readonly string[] = [
  ...['nodejs', 'nodejs4.3', 'nodejs4.3-edge', 'nodejs6.10', 'nodejs8.10', 'nodejs10.x', 'nodejs12.x', 'nodejs14.x'],
  ...['nodejs16.x', 'python2.7', 'python3.6', 'python3.7', 'python3.8', 'ruby2.5', 'ruby2.7', 'java8'],
  ...['dotnetcore1.0', 'dotnetcore2.0', 'dotnetcore2.1', 'dotnetcore3.1', 'dotnet6'],
];

const CREATABLE: readonly string[] = [...BROUGHT, ...INTERPRETED];

/** Every runtime id there ever was, as layers may name them. */
export const RUNTIMES: readonly string[] = [...CREATABLE, ...DEPRECATED];

/** Throws Lambda's error for a runtime that a function cannot be given. */
export function assertRuntime(runtime: string): void {
  if (CREATABLE.includes(runtime)) return;
  throw new LambdaError(
    'InvalidParameterValueException',
    DEPRECATED.includes(runtime)
      ? `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`
      : `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${CREATABLE.join(', ')}] or be a valid ARN`,
  );
}

/** True when functions of this runtime are modules, which can be built and run. */
export function runsModules(runtime: string): boolean {
  return BROUGHT.includes(runtime);
}

/** What the invocations of a function answer that no thread can run; undefined when one can. */
export function whyNotRunnable(runtime: string): GuestError | undefined {
  if (runsModules(runtime)) return undefined;
  return {
    errorType: 'Runtime.InvalidEntrypoint',
    errorMessage: `This Isola runs WebAssembly only and has no interpreter for ${runtime}: compile the function to a .wasm module and deploy it with the runtime provided.al2023.`,
  };
}
