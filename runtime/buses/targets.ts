import { invalid, tooMany } from './bus-error.ts';
import { parseJsonPath } from './input/json-path.ts';
import { findUnknown } from './input/to-input.ts';
import type { TargetSettings } from './rule-record.ts';

/** Of one rule. */
const MOST_TARGETS = 5;
const MOST_PATHS = 100;

const ARN = /^arn:aws[\w-]*:(lambda|sqs|sns|events):[\w-]+:\d{12}:(.+)$/;
/** Of a queue that can take dead letters of a bus: a standard one. */
export const QUEUE_ARN: RegExp = /^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]{1,80}$/;

/** Replaces targets of the same id. Throws a BusError for what is none, or one too many. */
export function withTargets(
  current: readonly TargetSettings[],
  added: readonly TargetSettings[],
): readonly TargetSettings[] {
  for (const target of added) assertTarget(target);
  if (new Set(added.map(({ Id }) => Id)).size < added.length) throw invalid('Target Ids must be unique.');
  const targets = [
    ...withoutTargets(
      current,
      added.map(({ Id }) => Id),
    ),
    ...added,
  ];
  if (targets.length > MOST_TARGETS) throw tooMany();
  return targets;
}

export function withoutTargets(current: readonly TargetSettings[], ids: readonly string[]): readonly TargetSettings[] {
  return current.filter(({ Id }) => !ids.includes(Id));
}

function assertTarget(target: TargetSettings): void {
  const { Id, Arn, Input, InputPath, InputTransformer, DeadLetterConfig, SqsParameters } = target;
  const [, service, resource = ''] = ARN.exec(Arn) ?? [];
  const isBus = service === 'events' && resource.startsWith('event-bus/');
  if (service === undefined || (service === 'events' && !isBus)) {
    throw invalid(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  if ([Input, InputPath, InputTransformer].filter((each) => each !== undefined).length > 1) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  }
  if (Input !== undefined && !isJson(Input)) {
    throw invalid(`JSON syntax error in input for target ${Id}`);
  }
  if (InputPath !== undefined && parseJsonPath(InputPath) === undefined) {
    throw invalid(`Invalid InputPath for target ${Id}.`);
  }
  const paths = Object.entries(InputTransformer?.InputPathsMap ?? {});
  if (paths.length > MOST_PATHS) throw invalid(`InputPathsMap for target ${Id} has too many entries.`);
  for (const [name, path] of paths) {
    if (!/^[\w.-]{1,256}$/.test(name) || /^aws\./i.test(name) || parseJsonPath(path) === undefined) {
      throw invalid(`Invalid InputPathsMap for target ${Id}: ${name}.`);
    }
  }
  const unknown = findUnknown(InputTransformer);
  if (unknown !== undefined) throw invalid(`InputTemplate for target ${Id} contains invalid placeholder ${unknown}.`);
  if (DeadLetterConfig?.Arn !== undefined && !QUEUE_ARN.test(DeadLetterConfig.Arn)) {
    throw invalid(`Invalid DeadLetterConfig for target ${Id}: its Arn must be that of a standard queue.`);
  }
  if (service === 'sqs' && Arn.endsWith('.fifo') && SqsParameters?.MessageGroupId === undefined) {
    throw invalid(`Parameter(s) SqsParameters must be specified for target: ${Id}.`);
  }
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
