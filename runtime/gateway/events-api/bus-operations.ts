import { type BusRecord, DEFAULT_BUS, invalid, toBusArn, withGrant, withoutGrant } from '../../buses/index.ts';
import { Constraints } from '../../registry/constraints.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { DECIMAL, FLAG, listOf, structure, TEXT } from '../service/shape.ts';
import { busWish, type OpenBuses, toBusKey } from './events-names.ts';
import { PAGE, toPage } from './events-page.ts';
import { TAG_LIST, toTags } from './tag-list.ts';

const BUS_MEMBERS = {
  ...{ Name: TEXT, Arn: TEXT, Description: TEXT, Policy: TEXT, CreationTime: DECIMAL, LastModifiedTime: DECIMAL },
};
const NAME = /^[/.\-_A-Za-z0-9]+$/;

/** What is done to event buses. */
export function createBusOperations(buses: OpenBuses): readonly ServiceOperation[] {
  const tableOf = async () => (await buses()).buses;
  return [
    createOperation({
      name: 'CreateEventBus',
      input: structure({ Name: TEXT, EventSourceName: TEXT, Description: TEXT, Tags: TAG_LIST }),
      output: structure({ EventBusArn: TEXT, Description: TEXT }),
      wish: async (request, { Name }) => ({
        ...{ action: 'events:CreateEventBus', resource: toBusArn(toBusKey(request, Name, 'name')) },
      }),
      async handle({ caller }, { Name, EventSourceName, Description, Tags }) {
        const constraints = new Constraints();
        constraints.required('name', Name);
        constraints.length('name', Name, { min: 1, max: 256 });
        constraints.matches('name', Name, NAME, '[/\\.\\-_A-Za-z0-9]+');
        constraints.length('description', Description, { max: 512 });
        constraints.assertSatisfied();
        if (EventSourceName !== undefined || Name?.startsWith('aws.')) {
          throw invalid('There are no partner event sources here.');
        }
        if (Name?.includes('/')) throw invalid('Event bus name must not contain "/".');
        const key = { ...caller.scope, name: Name ?? '' };
        const tags = toTags({}, Tags ?? []);
        const bus = await (await tableOf()).create(key, { tags, ...(Description ? { description: Description } : {}) });
        return { EventBusArn: toBusArn(bus), Description: bus.description };
      },
    }),
    createOperation({
      name: 'DescribeEventBus',
      input: structure({ Name: TEXT }),
      output: structure(BUS_MEMBERS),
      wish: (request, { Name }) => busWish(buses, 'DescribeEventBus', toBusKey(request, Name, 'name')),
      handle: async (request, { Name }) => toView((await tableOf()).get(toBusKey(request, Name, 'name'))),
    }),
    createOperation({
      name: 'UpdateEventBus',
      input: structure({ Name: TEXT, Description: TEXT }),
      output: structure({ Name: TEXT, Arn: TEXT, Description: TEXT }),
      wish: (request, { Name }) => busWish(buses, 'UpdateEventBus', toBusKey(request, Name, 'name')),
      async handle(request, { Name, Description }) {
        const constraints = new Constraints();
        constraints.length('description', Description, { max: 512 });
        constraints.assertSatisfied();
        const bus = await (await tableOf()).describe(toBusKey(request, Name, 'name'), Description || undefined);
        return { Name: bus.name, Arn: toBusArn(bus), Description: bus.description };
      },
    }),
    createOperation({
      name: 'ListEventBuses',
      input: structure({ NamePrefix: TEXT, ...PAGE }),
      output: structure({ EventBuses: listOf(structure(BUS_MEMBERS), 'member'), NextToken: TEXT }),
      wish: async () => ({ action: 'events:ListEventBuses', resource: '*' }),
      async handle({ caller }, { NamePrefix = '', ...asked }) {
        const found = (await tableOf()).list(caller.scope).filter(({ name }) => name.startsWith(NamePrefix));
        const { page, next } = toPage(found, asked, ({ name }) => name);
        return { EventBuses: page.map(toView), NextToken: next };
      },
    }),
    createOperation({
      name: 'DeleteEventBus',
      input: structure({ Name: TEXT }),
      wish: (request, { Name }) => busWish(buses, 'DeleteEventBus', toBusKey(request, Name, 'name')),
      async handle(request, { Name }) {
        const constraints = new Constraints();
        constraints.required('name', Name);
        constraints.assertSatisfied();
        const key = toBusKey(request, Name, 'name');
        const { rules, buses: table } = await buses();
        if (key.name !== DEFAULT_BUS && rules.list(key).length > 0)
          throw invalid("Event bus can't be deleted since it has rules.");
        await table.delete(key);
        return undefined;
      },
    }),
    createOperation({
      name: 'PutPermission',
      input: structure({
        ...{ EventBusName: TEXT, Action: TEXT, Principal: TEXT, StatementId: TEXT, Policy: TEXT },
        Condition: structure({ Type: TEXT, Key: TEXT, Value: TEXT }),
      }),
      wish: (request, { EventBusName }) => busWish(buses, 'PutPermission', toBusKey(request, EventBusName)),
      async handle(request, { EventBusName, Policy, Action, Principal, StatementId, Condition }) {
        const key = toBusKey(request, EventBusName);
        const opened = await buses();
        opened.buses.get(key);
        if (Policy !== undefined) {
          await opened.setPolicy(key, Policy);
          return undefined;
        }
        const constraints = new Constraints();
        for (const [member, value] of Object.entries({ Action, Principal, StatementId })) {
          constraints.required(`${member[0]?.toLowerCase()}${member.slice(1)}`, value);
        }
        constraints.assertSatisfied();
        const grant = { statementId: StatementId ?? '', action: Action ?? '', principal: Principal ?? '' };
        await opened.buses.setPolicy(key, (policy) =>
          withGrant(policy, { ...grant, condition: Condition }, toBusArn(key)),
        );
        return undefined;
      },
    }),
    createOperation({
      name: 'RemovePermission',
      input: structure({ EventBusName: TEXT, StatementId: TEXT, RemoveAllPermissions: FLAG }),
      wish: (request, { EventBusName }) => busWish(buses, 'RemovePermission', toBusKey(request, EventBusName)),
      async handle(request, { EventBusName, StatementId = '', RemoveAllPermissions: all = false }) {
        const key = toBusKey(request, EventBusName);
        await (await tableOf()).setPolicy(key, (policy) => (all ? undefined : withoutGrant(policy, StatementId)));
        return undefined;
      },
    }),
  ];
}

function toView(bus: BusRecord): Record<'Name' | 'Arn', string> & Partial<Record<'Description' | 'Policy', string>> {
  const { name, description, policy, createdAt, modifiedAt } = bus;
  return {
    ...{ Name: name, Arn: toBusArn(bus) },
    ...(description === undefined ? {} : { Description: description }),
    ...(policy === undefined ? {} : { Policy: JSON.stringify(policy) }),
    ...(createdAt === 0 ? {} : { CreationTime: createdAt / 1_000, LastModifiedTime: modifiedAt / 1_000 }),
  };
}
