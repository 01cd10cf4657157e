import { type RuleRecord, type RuleState, toRuleArn } from '../../buses/index.ts';
import { Constraints } from '../../registry/constraints.ts';
import { createOperation, type ServiceOperation } from '../service/service.ts';
import { FLAG, listOf, structure, TEXT } from '../service/shape.ts';
import { type OpenBuses, passWish, ruleWish, toBusKey, toBusOf, toRuleKey } from './events-names.ts';
import { PAGE, toPage } from './events-page.ts';
import { TAG_LIST, toTags } from './tag-list.ts';

const NAMED = structure({ Name: TEXT, EventBusName: TEXT });
const RULE_MEMBERS = {
  ...{ Name: TEXT, Arn: TEXT, EventPattern: TEXT, State: TEXT, Description: TEXT, ScheduleExpression: TEXT },
  ...{ RoleArn: TEXT, EventBusName: TEXT },
};
const STATES: readonly RuleState[] = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];
const ROLE = /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** What is done to rules. */
export function createRuleOperations(buses: OpenBuses): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'PutRule',
      input: structure({
        ...{ Name: TEXT, ScheduleExpression: TEXT, EventPattern: TEXT, State: TEXT, Description: TEXT },
        ...{ RoleArn: TEXT, Tags: TAG_LIST, EventBusName: TEXT },
      }),
      output: structure({ RuleArn: TEXT }),
      async wish(request, { RoleArn, ...named }) {
        return [ruleWish(request, 'PutRule', named), ...(RoleArn ? [passWish(RoleArn)] : [])];
      },
      async handle(request, { ScheduleExpression, EventPattern, State, Description, RoleArn, Tags, ...named }) {
        const constraints = new Constraints();
        constraints.length('scheduleExpression', ScheduleExpression, { max: 256 });
        constraints.length('eventPattern', EventPattern, { max: 4_096 });
        constraints.length('description', Description, { max: 512 });
        constraints.length('roleArn', RoleArn, { min: 1, max: 1_600 });
        constraints.matches('roleArn', RoleArn, ROLE);
        const state = constraints.oneOf('state', State, STATES);
        constraints.assertSatisfied();
        const key = toRuleKey(request, named);
        const tags = toTags({}, Tags ?? []);
        const settings = {
          state: state ?? 'ENABLED',
          // The command line sends empty texts for what is not meant.
          ...(Description ? { description: Description } : {}),
          ...(EventPattern ? { pattern: EventPattern } : {}),
          ...(ScheduleExpression ? { schedule: ScheduleExpression } : {}),
          ...(RoleArn === undefined ? {} : { roleArn: RoleArn }),
        };
        const rule = await (await buses()).rules.put(key, settings, tags);
        return { RuleArn: toRuleArn(rule) };
      },
    }),
    createOperation({
      name: 'DescribeRule',
      input: NAMED,
      output: structure({ ...RULE_MEMBERS, CreatedBy: TEXT }),
      wish: async (request, named) => ruleWish(request, 'DescribeRule', named),
      async handle(request, named) {
        const rule = await ruleOf(toRuleKey(request, named));
        return { ...toView(rule), CreatedBy: rule.accountId };
      },
    }),
    createOperation({
      name: 'ListRules',
      input: structure({ NamePrefix: TEXT, EventBusName: TEXT, ...PAGE }),
      output: structure({ Rules: listOf(structure(RULE_MEMBERS), 'member'), NextToken: TEXT }),
      wish: async () => ({ action: 'events:ListRules', resource: '*' }),
      async handle(request, { NamePrefix = '', EventBusName, ...asked }) {
        const key = toBusKey(request, EventBusName);
        const { rules, buses: table } = await buses();
        table.get(key);
        const found = rules.list(key).filter(({ name }) => name.startsWith(NamePrefix));
        const { page, next } = toPage(found, asked, ({ name }) => name);
        return { Rules: page.map(toView), NextToken: next };
      },
    }),
    ...(['EnableRule', 'DisableRule'] as const).map((name) =>
      createOperation({
        name,
        input: NAMED,
        wish: async (request, named) => ruleWish(request, name, named),
        async handle(request, named) {
          const state = name === 'EnableRule' ? 'ENABLED' : 'DISABLED';
          await (await buses()).rules.setState(toRuleKey(request, named), state);
          return undefined;
        },
      }),
    ),
    createOperation({
      name: 'DeleteRule',
      input: structure({ Name: TEXT, EventBusName: TEXT, Force: FLAG }),
      wish: async (request, named) => ruleWish(request, 'DeleteRule', named),
      async handle(request, named) {
        const key = toRuleKey(request, named);
        const opened = await buses();
        opened.buses.get(toBusOf(key));
        await opened.deleteRule(key);
        return undefined;
      },
    }),
  ];

  async function ruleOf(key: ReturnType<typeof toRuleKey>): Promise<RuleRecord> {
    const opened = await buses();
    opened.buses.get(toBusOf(key));
    return opened.rules.get(key);
  }
}

function toView(rule: RuleRecord): Record<keyof typeof RULE_MEMBERS, string | undefined> {
  return {
    ...{ Name: rule.name, Arn: toRuleArn(rule), EventBusName: rule.bus, State: rule.state },
    ...{ EventPattern: rule.pattern, ScheduleExpression: rule.schedule },
    ...{ Description: rule.description, RoleArn: rule.roleArn },
  };
}
