import { type TargetSettings, toRuleArn } from '../../buses/index.ts';
import { Constraints } from '../../registry/constraints.ts';
import { createOperation, type ServiceOperation, type ServiceRequest } from '../service/service.ts';
import { FLAG, listOf, mapOf, type Of, structure, TEXT, WHOLE } from '../service/shape.ts';
import { type OpenBuses, passWish, toBusKey, toBusOf, toRuleKey } from './events-names.ts';
import { PAGE, toPage } from './events-page.ts';

const TARGET = structure({
  ...{ Id: TEXT, Arn: TEXT, RoleArn: TEXT, Input: TEXT, InputPath: TEXT },
  InputTransformer: structure({ InputPathsMap: mapOf(TEXT, 'entry'), InputTemplate: TEXT }),
  SqsParameters: structure({ MessageGroupId: TEXT }),
  DeadLetterConfig: structure({ Arn: TEXT }),
  RetryPolicy: structure({ MaximumRetryAttempts: WHOLE, MaximumEventAgeInSeconds: WHOLE }),
});
const FAILED = structure({
  FailedEntryCount: WHOLE,
  FailedEntries: listOf(structure({ TargetId: TEXT, ErrorCode: TEXT, ErrorMessage: TEXT }), 'member'),
});
/** What a request names at most. */
const MOST_NAMED = 100;

/** What is done to the targets of rules. */
export function createTargetOperations(buses: OpenBuses): readonly ServiceOperation[] {
  return [
    createOperation({
      name: 'PutTargets',
      input: structure({ Rule: TEXT, EventBusName: TEXT, Targets: listOf(TARGET, 'member') }),
      output: FAILED,
      async wish(request, { Targets = [], ...named }) {
        const roles = new Set(Targets.flatMap(({ RoleArn }) => (RoleArn === undefined ? [] : [RoleArn])));
        return [wishOf(request, 'PutTargets', named), ...[...roles].map(passWish)];
      },
      async handle(request, { Targets, ...named }) {
        const targets = parseTargets(Targets);
        await (await rulesOf(request, named)).putTargets(keyOf(request, named), targets);
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    }),
    createOperation({
      name: 'RemoveTargets',
      input: structure({ Rule: TEXT, EventBusName: TEXT, Ids: listOf(TEXT, 'member'), Force: FLAG }),
      output: FAILED,
      wish: async (request, named) => wishOf(request, 'RemoveTargets', named),
      async handle(request, { Ids, ...named }) {
        const constraints = new Constraints();
        assertCount(constraints, 'ids', Ids);
        constraints.assertSatisfied();
        const failed = await (await rulesOf(request, named)).removeTargets(keyOf(request, named), Ids ?? []);
        return { FailedEntryCount: failed.length, FailedEntries: failed };
      },
    }),
    createOperation({
      name: 'ListTargetsByRule',
      input: structure({ Rule: TEXT, EventBusName: TEXT, ...PAGE }),
      output: structure({ Targets: listOf(TARGET, 'member'), NextToken: TEXT }),
      wish: async (request, named) => wishOf(request, 'ListTargetsByRule', named),
      async handle(request, { Rule, EventBusName, ...asked }) {
        const named = { Rule, EventBusName };
        const { targets } = (await rulesOf(request, named)).get(keyOf(request, named));
        const { page, next } = toPage(targets, asked, ({ Id }) => Id);
        return { Targets: page, NextToken: next };
      },
    }),
    createOperation({
      name: 'ListRuleNamesByTarget',
      input: structure({ TargetArn: TEXT, EventBusName: TEXT, ...PAGE }),
      output: structure({ RuleNames: listOf(TEXT, 'member'), NextToken: TEXT }),
      wish: async () => ({ action: 'events:ListRuleNamesByTarget', resource: '*' }),
      async handle(request, { TargetArn, EventBusName, ...asked }) {
        const constraints = new Constraints();
        constraints.required('targetArn', TargetArn);
        constraints.length('targetArn', TargetArn, { min: 1, max: 1_600 });
        constraints.assertSatisfied();
        const key = toBusKey(request, EventBusName);
        const { rules, buses: table } = await buses();
        table.get(key);
        const found = rules.list(key).filter(({ targets }) => targets.some(({ Arn }) => Arn === TargetArn));
        const { page, next } = toPage(found, asked, ({ name }) => name);
        return { RuleNames: page.map(({ name }) => name), NextToken: next };
      },
    }),
  ];

  async function rulesOf(request: ServiceRequest, named: Named): Promise<Awaited<ReturnType<OpenBuses>>['rules']> {
    const opened = await buses();
    opened.buses.get(toBusOf(keyOf(request, named)));
    return opened.rules;
  }
}

interface Named {
  readonly Rule?: string | undefined;
  readonly EventBusName?: string | undefined;
}

function keyOf(request: ServiceRequest, { Rule, EventBusName }: Named): ReturnType<typeof toRuleKey> {
  return toRuleKey(request, { Name: Rule, EventBusName }, 'rule');
}

function wishOf(request: ServiceRequest, action: string, named: Named): { action: string; resource: string } {
  return { action: `events:${action}`, resource: toRuleArn(keyOf(request, named)) };
}

function assertCount(constraints: Constraints, member: string, items: readonly unknown[] | undefined): void {
  constraints.required(member, items);
  if (items === undefined) return;
  if (items.length === 0) constraints.violated(member, '[]', 'Member must have length greater than or equal to 1');
  if (items.length > MOST_NAMED) {
    constraints.violated(member, '[...]', `Member must have length less than or equal to ${MOST_NAMED}`);
  }
}

function parseTargets(targets: readonly Of<typeof TARGET>[] | undefined): readonly TargetSettings[] {
  const constraints = new Constraints();
  assertCount(constraints, 'targets', targets);
  for (const [at, target] of (targets ?? []).slice(0, MOST_NAMED).entries()) {
    const member = (name: string): string => `targets.${at + 1}.member.${name}`;
    constraints.required(member('id'), target.Id);
    constraints.length(member('id'), target.Id, { min: 1, max: 64 });
    constraints.matches(member('id'), target.Id, /^[.\-_A-Za-z0-9]+$/, '[\\.\\-_A-Za-z0-9]+');
    constraints.required(member('arn'), target.Arn);
    constraints.length(member('arn'), target.Arn, { min: 1, max: 1_600 });
    constraints.length(member('roleArn'), target.RoleArn, { min: 1, max: 1_600 });
    constraints.length(member('input'), target.Input, { max: 8_192 });
    constraints.length(member('inputPath'), target.InputPath, { max: 256 });
    constraints.length(member('sqsParameters.messageGroupId'), target.SqsParameters?.MessageGroupId, {
      min: 1,
      max: 128,
    });
    const template = target.InputTransformer?.InputTemplate;
    if (target.InputTransformer !== undefined) constraints.required(member('inputTransformer.inputTemplate'), template);
    constraints.length(member('inputTransformer.inputTemplate'), template, { min: 1, max: 8_192 });
    const { MaximumRetryAttempts: attempts, MaximumEventAgeInSeconds: age } = target.RetryPolicy ?? {};
    constraints.range(member('retryPolicy.maximumRetryAttempts'), attempts, { min: 0, max: 185 });
    constraints.range(member('retryPolicy.maximumEventAgeInSeconds'), age, { min: 60, max: 86_400 });
  }
  constraints.assertSatisfied();
  return (targets ?? []) as readonly TargetSettings[];
}
