import { badRequest } from './api-error.ts';
import type { IntegrationRecord } from './api-record.ts';
import { assertLength, assertRange, choose, type Given, present, refuseUnserved, required } from './given.ts';
import { toFunctionArn } from './integration-uri.ts';

/** What CreateIntegration and UpdateIntegration are given. */
export type IntegrationInput = Given<{
  integrationType: string;
  integrationUri: string;
  integrationMethod: string;
  integrationSubtype: string;
  payloadFormatVersion: string;
  timeoutInMillis: number;
  description: string;
  credentialsArn: string;
  connectionType: string;
  connectionId: string;
  contentHandlingStrategy: string;
  passthroughBehavior: string;
  templateSelectionExpression: string;
  requestParameters: Readonly<Record<string, string>>;
  requestTemplates: Readonly<Record<string, string>>;
  responseParameters: Readonly<Record<string, unknown>>;
  tlsConfig: Readonly<Record<string, unknown>>;
}>;

/** API Gateway waits for a function no longer than this. */
const INTEGRATION_TIMEOUT_MS = { min: 50, max: 30_000 } as const;
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;

/** An integration as it is to be; of one that there is already, what was not given stays. Throws an ApiError. */
export function toIntegration(
  integrationId: string,
  given: IntegrationInput,
  current?: IntegrationRecord,
): IntegrationRecord {
  if (choose('integrationType', given.integrationType, TYPES) === undefined && current === undefined) {
    throw badRequest('integrationType is a required parameter');
  }
  if (given.integrationType !== undefined && given.integrationType !== 'AWS_PROXY') {
    throw badRequest('Routes lead to functions here: integrationType must be AWS_PROXY.');
  }
  const { connectionId, contentHandlingStrategy, passthroughBehavior, templateSelectionExpression } = given;
  const { integrationSubtype, requestParameters, requestTemplates, responseParameters, tlsConfig } = given;
  refuseUnserved({ connectionId, contentHandlingStrategy, passthroughBehavior, templateSelectionExpression });
  refuseUnserved({ integrationSubtype, requestParameters, requestTemplates, responseParameters, tlsConfig });
  choose('connectionType', given.connectionType, ['INTERNET']);
  if (given.integrationMethod !== undefined && !/^[A-Z]{1,20}$/.test(given.integrationMethod)) {
    throw badRequest('Invalid integrationMethod: it must be a method of HTTP.');
  }
  assertLength('description', given.description, { max: 1_024 });
  assertRange('timeoutInMillis', given.timeoutInMillis, INTEGRATION_TIMEOUT_MS);
  assertRole('credentialsArn', given.credentialsArn);
  const uri = required('integrationUri', given.integrationUri ?? current?.integrationUri);
  toFunctionArn(uri, 'integrationUri');
  const version = choose('payloadFormatVersion', given.payloadFormatVersion, ['1.0', '2.0']);
  const { timeoutInMillis = current?.timeoutInMillis ?? INTEGRATION_TIMEOUT_MS.max } = given;
  return {
    ...{ integrationId, integrationUri: uri, timeoutInMillis },
    payloadFormatVersion: required('payloadFormatVersion', version ?? current?.payloadFormatVersion),
    ...present({
      description: given.description ?? current?.description,
      credentialsArn: given.credentialsArn === '' ? undefined : (given.credentialsArn ?? current?.credentialsArn),
      apiGatewayManaged: current?.apiGatewayManaged,
    }),
  };
}

export function assertRole(member: string, arn: string | undefined): void {
  if (arn && !ROLE.test(arn)) throw badRequest(`Invalid ${member}: it must be the ARN of a role.`);
}

const TYPES = ['AWS', 'AWS_PROXY', 'HTTP', 'HTTP_PROXY', 'MOCK'] as const;
