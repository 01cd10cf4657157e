import type { Cors } from '../contract/cors.ts';
import type { Scope } from '../contract/scope.ts';

export type Texts = Readonly<Record<string, string>>;

/** Made with its API at once by CreateApi's `target`. */
interface Managed {
  readonly apiGatewayManaged?: true;
}

export interface RouteRecord extends Managed {
  readonly routeId: string;
  /** `METHOD /path/{parameter}/{rest+}`, or `$default`. */
  readonly routeKey: string;
  /** `integrations/ID`; a route without one answers nobody. */
  readonly target?: string;
  readonly authorizationType: 'NONE' | 'AWS_IAM' | 'JWT' | 'CUSTOM';
  readonly authorizerId?: string;
  /** Of which a token must have one. */
  readonly authorizationScopes?: readonly string[];
  readonly operationName?: string;
}

/** Where a route leads: a function. */
export interface IntegrationRecord extends Managed {
  readonly integrationId: string;
  /** A function's ARN, or API Gateway's ARN around it; may hold `${stageVariables.NAME}`. */
  readonly integrationUri: string;
  readonly payloadFormatVersion: '1.0' | '2.0';
  readonly timeoutInMillis: number;
  readonly description?: string;
  /** A role that must allow the invocation, in place of the function's policy. */
  readonly credentialsArn?: string;
}

export type AuthorizerRecord = JwtAuthorizerRecord | LambdaAuthorizerRecord;

export interface JwtAuthorizerRecord {
  readonly authorizerId: string;
  readonly authorizerType: 'JWT';
  readonly name: string;
  /** One expression, such as `$request.header.Authorization`. */
  readonly identitySource: readonly string[];
  readonly issuer: string;
  readonly audience: readonly string[];
}

export interface LambdaAuthorizerRecord {
  readonly authorizerId: string;
  readonly authorizerType: 'REQUEST';
  readonly name: string;
  readonly identitySource: readonly string[];
  /** As an integration's. */
  readonly authorizerUri: string;
  readonly authorizerPayloadFormatVersion: '1.0' | '2.0';
  readonly enableSimpleResponses: boolean;
  /** Seconds; 0 asks at every request. */
  readonly authorizerResultTtlInSeconds: number;
  readonly authorizerCredentialsArn?: string;
}

/** What of a route's traffic is let through; without members nothing is held back. */
export interface RouteSettings {
  readonly throttlingBurstLimit?: number;
  /** Requests a second. */
  readonly throttlingRateLimit?: number;
  readonly detailedMetricsEnabled?: boolean;
}

export interface StageRecord extends Managed {
  readonly stageName: string;
  /** True: serves the API as it is now. False: as the deployment has it. */
  readonly autoDeploy: boolean;
  readonly deploymentId?: string;
  readonly description?: string;
  readonly stageVariables: Texts;
  readonly defaultRouteSettings: RouteSettings;
  /** By route key. */
  readonly routeSettings: Readonly<Record<string, RouteSettings>>;
  readonly tags: Texts;
  /** Epoch milliseconds, as all times here. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface DeploymentRecord {
  readonly deploymentId: string;
  readonly autoDeployed: boolean;
  readonly createdAt: number;
  readonly description?: string;
}

/** What a deployment keeps of an API. */
export interface ApiLayout {
  readonly routes: Readonly<Record<string, RouteRecord>>;
  readonly integrations: Readonly<Record<string, IntegrationRecord>>;
  readonly authorizers: Readonly<Record<string, AuthorizerRecord>>;
}

/** An HTTP API with all that belongs to it, as it is stored: what it has is by id, stages are by name. Immutable. */
export interface ApiRecord extends Scope, ApiLayout {
  readonly apiId: string;
  readonly name: string;
  readonly createdAt: number;
  readonly description?: string;
  readonly version?: string;
  readonly corsConfiguration?: Cors;
  readonly disableExecuteApiEndpoint?: boolean;
  readonly tags: Texts;
  readonly stages: Readonly<Record<string, StageRecord>>;
  readonly deployments: Readonly<Record<string, DeploymentRecord>>;
  /** Read from the operator's file: functions are its own without their policies' word, and no operation changes it. */
  readonly isFixed?: true;
}
