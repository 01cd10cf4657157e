import type { RestOperation } from '../rest/rest-service.ts';
import { mapOf, structure, TEXT, WHOLE } from '../service/shape.ts';
import { createPartOperations } from './part-operations.ts';
import type { ApiOperationDeps } from './parts.ts';
import { toIntegrationView } from './views.ts';

const MEMBERS = structure({
  integrationType: TEXT,
  integrationUri: TEXT,
  integrationMethod: TEXT,
  integrationSubtype: TEXT,
  payloadFormatVersion: TEXT,
  timeoutInMillis: WHOLE,
  description: TEXT,
  credentialsArn: TEXT,
  connectionType: TEXT,
  connectionId: TEXT,
  contentHandlingStrategy: TEXT,
  passthroughBehavior: TEXT,
  templateSelectionExpression: TEXT,
  requestParameters: mapOf(TEXT, 'entry'),
  requestTemplates: mapOf(TEXT, 'entry'),
  responseParameters: mapOf(mapOf(TEXT, 'entry'), 'entry'),
  tlsConfig: structure({ serverNameToVerify: TEXT }),
});

/** Where routes lead. */
export function createIntegrationOperations({ apis }: Pick<ApiOperationDeps, 'apis'>): readonly RestOperation[] {
  const open = async () => (await apis()).integrations;
  return createPartOperations({
    ...{ names: ['Integration', 'Integrations'], path: 'integrations', id: 'integrationId', members: MEMBERS },
    open,
    view: toIntegrationView,
  });
}
