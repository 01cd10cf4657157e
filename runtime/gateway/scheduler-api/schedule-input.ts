import { assertSchedule, type ScheduleRecord, type ScheduleSettings, toScheduleArn } from '../../buses/index.ts';
import { Constraints } from '../../registry/constraints.ts';
import { DECIMAL, type Structure, structure, TEXT, WHOLE } from '../service/shape.ts';

type Texts<Name extends string> = Readonly<Partial<Record<Name, string | undefined>>>;

interface Target extends Texts<'Arn' | 'RoleArn' | 'Input'> {
  readonly DeadLetterConfig?: Texts<'Arn'> | undefined;
  readonly RetryPolicy?:
    | { readonly MaximumRetryAttempts?: number | undefined; readonly MaximumEventAgeInSeconds?: number | undefined }
    | undefined;
  readonly SqsParameters?: Texts<'MessageGroupId'> | undefined;
  readonly EventBridgeParameters?: Texts<'DetailType' | 'Source'> | undefined;
}

const TARGET: Structure<Target> = structure({
  ...{ Arn: TEXT, RoleArn: TEXT, Input: TEXT, DeadLetterConfig: structure({ Arn: TEXT }) },
  RetryPolicy: structure({ MaximumRetryAttempts: WHOLE, MaximumEventAgeInSeconds: WHOLE }),
  SqsParameters: structure({ MessageGroupId: TEXT }),
  EventBridgeParameters: structure({ DetailType: TEXT, Source: TEXT }),
});

/** What CreateSchedule and UpdateSchedule take, member for member. */
export interface ScheduleInput
  extends Texts<
    | 'Name'
    | 'GroupName'
    | 'ScheduleExpression'
    | 'ScheduleExpressionTimezone'
    | 'Description'
    | 'State'
    | 'ActionAfterCompletion'
  > {
  /** Epoch seconds. */
  readonly StartDate?: number | undefined;
  readonly EndDate?: number | undefined;
  readonly Target?: Target | undefined;
  readonly FlexibleTimeWindow?:
    | { readonly Mode?: string | undefined; readonly MaximumWindowInMinutes?: number | undefined }
    | undefined;
}

export const SCHEDULE_INPUT: Structure<ScheduleInput> = structure({
  ...{ Name: TEXT, GroupName: TEXT, ScheduleExpression: TEXT, ScheduleExpressionTimezone: TEXT, Description: TEXT },
  ...{ StartDate: DECIMAL, EndDate: DECIMAL, State: TEXT, KmsKeyArn: TEXT, ClientToken: TEXT },
  ...{ ActionAfterCompletion: TEXT, Target: TARGET },
  FlexibleTimeWindow: structure({ Mode: TEXT, MaximumWindowInMinutes: WHOLE }),
});
const ROLE = /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
/** Epoch seconds of years with four digits. */
const TIMES = { min: 0, max: 253_402_300_799 };

/** Throws for what is no schedule. */
export function parseSettings(input: ScheduleInput): ScheduleSettings {
  const { ScheduleExpression: expression, Target: target, FlexibleTimeWindow: window } = input;
  const constraints = new Constraints();
  constraints.required('scheduleExpression', expression);
  constraints.length('scheduleExpression', expression, { min: 1, max: 256 });
  constraints.length('scheduleExpressionTimezone', input.ScheduleExpressionTimezone, { min: 1, max: 50 });
  constraints.length('description', input.Description, { max: 512 });
  constraints.range('startDate', input.StartDate, TIMES);
  constraints.range('endDate', input.EndDate, TIMES);
  const state = constraints.oneOf('state', input.State, ['ENABLED', 'DISABLED'] as const);
  const after = constraints.oneOf('actionAfterCompletion', input.ActionAfterCompletion, ['NONE', 'DELETE'] as const);
  constraints.required('flexibleTimeWindow', window);
  const mode = constraints.oneOf('flexibleTimeWindow.mode', window?.Mode, ['OFF', 'FLEXIBLE'] as const);
  if (window !== undefined) constraints.required('flexibleTimeWindow.mode', window.Mode);
  const minutes = window?.MaximumWindowInMinutes;
  if (mode === 'FLEXIBLE') constraints.required('flexibleTimeWindow.maximumWindowInMinutes', minutes);
  constraints.range('flexibleTimeWindow.maximumWindowInMinutes', minutes, { min: 1, max: 1_440 });
  constraints.required('target', target);
  if (target !== undefined) assertTarget(constraints, target);
  constraints.assertSatisfied();
  const settings = {
    ...(input.Description ? { description: input.Description } : {}),
    ...{ expression: expression ?? '', timezone: input.ScheduleExpressionTimezone ?? 'UTC' },
    ...(input.StartDate === undefined ? {} : { startAt: Math.floor(input.StartDate * 1_000) }),
    ...(input.EndDate === undefined ? {} : { endAt: Math.floor(input.EndDate * 1_000) }),
    ...{ state: state ?? 'ENABLED', after: after ?? 'NONE' },
    ...(mode === 'FLEXIBLE' && minutes !== undefined ? { window: minutes } : {}),
    target: target as ScheduleSettings['target'],
  };
  assertSchedule(settings);
  return settings;
}

function assertTarget(constraints: Constraints, target: Target): void {
  constraints.required('target.arn', target.Arn);
  constraints.length('target.arn', target.Arn, { min: 1, max: 1_600 });
  constraints.required('target.roleArn', target.RoleArn);
  constraints.matches('target.roleArn', target.RoleArn, ROLE);
  constraints.length('target.input', target.Input, { min: 1, max: 262_144 });
  constraints.length('target.sqsParameters.messageGroupId', target.SqsParameters?.MessageGroupId, { min: 1, max: 128 });
  const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: age } = target.RetryPolicy ?? {};
  constraints.range('target.retryPolicy.maximumRetryAttempts', attempts, { min: 0, max: 185 });
  constraints.range('target.retryPolicy.maximumEventAgeInSeconds', age, { min: 60, max: 86_400 });
  if (target.EventBridgeParameters === undefined) return;
  const { DetailType, Source } = target.EventBridgeParameters;
  constraints.required('target.eventBridgeParameters.detailType', DetailType);
  constraints.length('target.eventBridgeParameters.detailType', DetailType, { min: 1, max: 128 });
  constraints.required('target.eventBridgeParameters.source', Source);
  constraints.matches('target.eventBridgeParameters.source', Source, /^(?!aws\.)[\w./-]{1,256}$/);
}

/** A schedule as GetSchedule answers it. */
export function toScheduleView(schedule: ScheduleRecord): Readonly<Record<string, unknown>> {
  const { startAt, endAt, window, description } = schedule;
  return {
    ...{ Arn: toScheduleArn(schedule), Name: schedule.name, GroupName: schedule.group, State: schedule.state },
    ...{ ScheduleExpression: schedule.expression, ScheduleExpressionTimezone: schedule.timezone },
    ...{ CreationDate: schedule.createdAt / 1_000, LastModificationDate: schedule.modifiedAt / 1_000 },
    FlexibleTimeWindow: window === undefined ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: window },
    ...{ Target: schedule.target, ActionAfterCompletion: schedule.after },
    ...(startAt === undefined ? {} : { StartDate: startAt / 1_000 }),
    ...(endAt === undefined ? {} : { EndDate: endAt / 1_000 }),
    ...(description === undefined ? {} : { Description: description }),
  };
}
