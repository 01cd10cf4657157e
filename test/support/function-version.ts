import type { FunctionVersion } from '../../runtime/contract/function-version.ts';

/** A version that nothing is special of; its settings tell its revisions apart. */
export function toFunctionVersion(name: string, settings: Partial<FunctionVersion> = {}): FunctionVersion {
  return {
    ...{ arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`, name, version: '$LATEST' },
    revision: [name, ...Object.values(settings)].join(),
    ...{ artifact: name, image: name, package: '', role: '', handler: 'index.handler' },
    ...{ timeoutMs: 60_000, memoryMb: 128, ephemeralStorageMb: 512, environment: {} },
    ...{ logGroup: '/aws/lambda/f', logStream: '2026/11/21/[$LATEST]0f0f' },
    ...{ isolation: 'invocation', fuelBudget: Number.POSITIVE_INFINITY },
    ...settings,
  };
}
