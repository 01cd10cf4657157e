import type { Constraints } from '../../registry/constraints.ts';
import type { EventSourceSettings, KafkaSettings, SourceAccess } from '../../registry/function-registry.ts';
import { assertItems, bounded, nested, present, texts, toMember } from './member-values.ts';
import type { Members } from './members.ts';

const ACCESS_TYPES = [
  ...['BASIC_AUTH', 'VPC_SUBNET', 'VPC_SECURITY_GROUP', 'SASL_SCRAM_512_AUTH', 'SASL_SCRAM_256_AUTH', 'VIRTUAL_HOST'],
  ...['CLIENT_CERTIFICATE_TLS_AUTH', 'SERVER_ROOT_CA_CERTIFICATE', 'OAUTHBEARER_AUTH', 'OAUTHBEARER_SCOPE'],
  ...['OAUTHBEARER_AUDIENCE', 'OAUTHBEARER_LOGICAL_CLUSTER', 'OAUTHBEARER_IDENTITY_POOL', 'IAM_AUTH'],
  'IAM_OAUTHBEARER_AUTH',
];

export function parseOwnKafka(
  members: Members,
  constraints: Constraints,
): EventSourceSettings['SelfManagedEventSource'] {
  return nested(members, 'SelfManagedEventSource', (own) => {
    const endpoints = own.nested('Endpoints');
    const servers = texts(endpoints, constraints, 'KAFKA_BOOTSTRAP_SERVERS', { items: 10, length: 300 });
    constraints.required('selfManagedEventSource.endpoints.KAFKA_BOOTSTRAP_SERVERS', servers);
    return { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: servers ?? [] } };
  });
}

export function parseAccess(
  members: Members,
  constraints: Constraints,
  name: string,
): readonly SourceAccess[] | undefined {
  const configurations = members.list(name);
  if (configurations === undefined) return undefined;
  assertItems(constraints, toMember(name), configurations, 22);
  return configurations.slice(0, 22).map((each) => {
    const type = constraints.oneOf(`${toMember(name)}.type`, each.text('Type'), ACCESS_TYPES);
    return present({ Type: type, URI: bounded(each, constraints, 'URI', 10_000) });
  });
}

export function parseKafka(members: Members, constraints: Constraints, name: string): KafkaSettings | undefined {
  return nested(members, name, (config) => ({
    ConsumerGroupId: bounded(config, constraints, 'ConsumerGroupId', 200),
    ConsumptionMode: constraints.oneOf('consumptionMode', config.text('ConsumptionMode'), ['Stream', 'Queue']),
    SchemaRegistryConfig: nested(config, 'SchemaRegistryConfig', (registry) => ({
      SchemaRegistryURI: bounded(registry, constraints, 'SchemaRegistryURI', 10_000),
      EventRecordFormat: constraints.oneOf('eventRecordFormat', registry.text('EventRecordFormat'), ['JSON', 'SOURCE']),
      AccessConfigs: parseAccess(registry, constraints, 'AccessConfigs'),
      SchemaValidationConfigs: registry
        .list('SchemaValidationConfigs')
        ?.slice(0, 2)
        .map((each) =>
          present({ Attribute: constraints.oneOf('attribute', each.text('Attribute'), ['KEY', 'VALUE']) }),
        ),
    })),
  }));
}
