import { LambdaError } from '../contract/errors.ts';
import type { Scope } from '../contract/scope.ts';
import type { RuntimeManagementAttachment } from '../store/attachment-record.ts';
import type { FunctionKey } from '../store/function-record.ts';
import type { Attachments } from './attachments.ts';
import { functionNotFound, LATEST, parseReference, toFunctionArn } from './function-name.ts';
import type { FunctionTable } from './function-table.ts';

export interface RuntimeManagementConfig {
  readonly functionArn: string;
  readonly settings: Omit<RuntimeManagementAttachment, 'kind'>;
}

export interface RuntimeManagementDeps {
  readonly attachments: Attachments;
  readonly functions: FunctionTable;
}

const KIND = 'runtime-management';

/** When the runtimes of `$LATEST` and of versions are to be updated: kept for clients that ask, as a runtime here is the module itself. */
export class RuntimeManagement {
  readonly #deps: RuntimeManagementDeps;

  constructor(deps: RuntimeManagementDeps) {
    this.#deps = deps;
  }

  async put(
    scope: Scope,
    reference: string,
    given: string | undefined,
    settings: RuntimeManagementConfig['settings'],
  ): Promise<RuntimeManagementConfig> {
    const { key, qualifier } = this.#find(scope, reference, given);
    const isManual = settings.updateRuntimeOn === 'Manual';
    if (isManual !== (settings.runtimeVersionArn !== undefined)) {
      throw new LambdaError(
        'InvalidParameterValueException',
        isManual
          ? 'RuntimeVersionArn is required when UpdateRuntimeOn is Manual.'
          : 'RuntimeVersionArn is allowed only when UpdateRuntimeOn is Manual.',
      );
    }
    await this.#deps.attachments.change(key, qualifier ?? LATEST, KIND, () => ({ kind: KIND, ...settings }));
    return { functionArn: toFunctionArn(key, qualifier), settings };
  }

  get(scope: Scope, reference: string, given: string | undefined): RuntimeManagementConfig {
    const { key, qualifier } = this.#find(scope, reference, given);
    const settings = this.#deps.functions.find(key).attached.get(KIND, qualifier ?? LATEST);
    return { functionArn: toFunctionArn(key, qualifier), settings: settings ?? { updateRuntimeOn: 'Auto' } };
  }

  #find(scope: Scope, reference: string, given: string | undefined): { key: FunctionKey; qualifier?: string } {
    const found = parseReference(scope, reference, given);
    const entry = this.#deps.functions.find(found.key, found.qualifier);
    const { qualifier = LATEST } = found;
    if (qualifier === LATEST || entry.published.has(qualifier)) return found;
    throw functionNotFound(found.key, qualifier);
  }
}
