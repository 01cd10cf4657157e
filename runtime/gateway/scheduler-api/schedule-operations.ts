import { BusError, SCHEDULER, type ScheduleKey, toScheduleArn, toTaker } from '../../buses/index.ts';
import type { Authorizer } from '../../contract/authorizer.ts';
import { createRestOperation, type RestOperation } from '../rest/rest-service.ts';
import { structure, TEXT } from '../service/shape.ts';
import { parseSettings, SCHEDULE_INPUT, toScheduleView } from './schedule-input.ts';
import { listWish, type OpenBuses, scheduleWish, toPage, toScheduleKey } from './scheduler-names.ts';

const ALL = '/schedules';
const ONE = '/schedules/:Name';
const NAMED = structure({ Name: TEXT, groupName: TEXT, clientToken: TEXT });

export interface ScheduleDeps {
  readonly buses: OpenBuses;
  readonly authorizer: Pick<Authorizer, 'ready' | 'suits'>;
}

/** What is done to schedules. */
export function createScheduleOperations({ buses, authorizer }: ScheduleDeps): readonly RestOperation[] {
  const tableOf = async () => (await buses()).schedules;
  return [
    ...(['CreateSchedule', 'UpdateSchedule'] as const).map((name) =>
      createRestOperation({
        ...{ name, method: name === 'CreateSchedule' ? 'POST' : 'PUT', path: ONE, status: 200 },
        input: SCHEDULE_INPUT,
        wish: async (request, { Name, GroupName, Target }) => [
          scheduleWish(name, toScheduleKey(request, Name, GroupName)),
          ...(Target?.RoleArn === undefined
            ? []
            : [
                {
                  ...{ action: 'iam:PassRole', resource: Target.RoleArn },
                  context: { 'iam:PassedToService': SCHEDULER },
                },
              ]),
        ],
        async handle(request, input) {
          const key = toScheduleKey(request, input.Name, input.GroupName);
          const settings = parseSettings(input);
          await authorizer.ready();
          assertTrusting(authorizer, settings.target.RoleArn, key);
          const table = await tableOf();
          const isNew = name === 'CreateSchedule';
          const schedule = await (isNew ? table.create(key, settings) : table.update(key, settings));
          return { ScheduleArn: toScheduleArn(schedule) };
        },
      }),
    ),
    createRestOperation({
      ...{ name: 'GetSchedule', method: 'GET', path: ONE, status: 200 },
      input: NAMED,
      wish: async (request, { Name, groupName }) =>
        scheduleWish('GetSchedule', toScheduleKey(request, Name, groupName)),
      handle: async (request, { Name, groupName }) =>
        toScheduleView((await tableOf()).get(toScheduleKey(request, Name, groupName))),
    }),
    createRestOperation({
      ...{ name: 'DeleteSchedule', method: 'DELETE', path: ONE, status: 200 },
      input: NAMED,
      wish: async (request, { Name, groupName }) =>
        scheduleWish('DeleteSchedule', toScheduleKey(request, Name, groupName)),
      async handle(request, { Name, groupName }) {
        await (await buses()).deleteSchedule(toScheduleKey(request, Name, groupName));
        return {};
      },
    }),
    createRestOperation({
      ...{ name: 'ListSchedules', method: 'GET', path: ALL, status: 200 },
      input: structure({ ScheduleGroup: TEXT, NamePrefix: TEXT, State: TEXT, NextToken: TEXT, MaxResults: TEXT }),
      wish: async ({ caller }) => listWish('ListSchedules', caller.scope),
      async handle({ caller }, { ScheduleGroup: group, NamePrefix: prefix = '', State: state, ...asked }) {
        const found = (await tableOf())
          .list(caller.scope)
          .filter((each) => each.name.startsWith(prefix) && (group === undefined || each.group === group))
          .filter((each) => state === undefined || each.state === state);
        const { page, next } = toPage(found, asked, (each) => `${each.group}/${each.name}`);
        const Schedules = page.map((schedule) => {
          const { Arn, Name, GroupName, State, CreationDate, LastModificationDate } = toScheduleView(schedule);
          return {
            Arn,
            Name,
            GroupName,
            State,
            CreationDate,
            LastModificationDate,
            Target: { Arn: schedule.target.Arn },
          };
        });
        return { Schedules, NextToken: next };
      },
    }),
  ];
}

/** A role that does not exist yet is taken, as functions take it: it allows nothing until it does. */
function assertTrusting(authorizer: Pick<Authorizer, 'suits'>, role: string, key: ScheduleKey): void {
  if (authorizer.suits(role, toTaker(key)) !== 'untrusting') return;
  throw new BusError(
    'ValidationException',
    'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
  );
}
