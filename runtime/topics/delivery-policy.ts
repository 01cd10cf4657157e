import { isJsonObject, type JsonObject, parseJsonObject } from '../contract/json.ts';
import { invalidParameter } from './topic-error.ts';
import type { Attributes } from './topic-record.ts';

/** How an HTTP endpoint that did not take a message is tried again. SNS's names; delays in seconds. */
export interface RetryPolicy {
  readonly numRetries: number;
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
}

export interface DeliveryPolicy {
  readonly retry: RetryPolicy | undefined;
  readonly contentType: string | undefined;
  /** Of a topic: its subscriptions' own count for nothing. */
  readonly overrules: boolean;
}

/** SNS's own. */
const DEFAULT_RETRY_POLICY: RetryPolicy = { minDelayTarget: 20, maxDelayTarget: 20, numRetries: 3 };
const DEFAULT_CONTENT_TYPE = 'text/plain; charset=UTF-8';

const MOST_RETRIES = 100;
const LONGEST_DELAY = 3_600;
const PHASES = ['numNoDelayRetries', 'numMinDelayRetries', 'numMaxDelayRetries'];
const BACKOFFS = ['arithmetic', 'exponential', 'geometric', 'linear'];
const CONTENT_TYPE = /^[\w.+-]{1,64}\/[\w.+-]{1,64}(; ?charset=[\w-]{1,32})?$/i;

/**
 * Reads a DeliveryPolicy: a topic's has its members under `http`, each with `default` before its name. Throws an InvalidParameter.
 * Of the retries their number and the shortest and longest delay count; delays double in between, whatever the phases say.
 */
export function parseDeliveryPolicy(text: string, owner: 'topic' | 'subscription'): DeliveryPolicy {
  const given = parseJsonObject(text);
  if (given === undefined) throw refuse('failed to parse JSON');
  const isTopic = owner === 'topic';
  const http = isTopic ? asObject(given.http ?? {}) : given;
  const retry = http[isTopic ? 'defaultHealthyRetryPolicy' : 'healthyRetryPolicy'] ?? undefined;
  const request = http[isTopic ? 'defaultRequestPolicy' : 'requestPolicy'] ?? undefined;
  const contentType = request === undefined ? undefined : asObject(request).headerContentType;
  if (contentType !== undefined && !(typeof contentType === 'string' && CONTENT_TYPE.test(contentType))) {
    throw refuse('headerContentType');
  }
  return {
    retry: retry === undefined ? undefined : parseRetryPolicy(asObject(retry)),
    contentType,
    overrules: isTopic && http.disableSubscriptionOverrides === true,
  };
}

/** What holds of an HTTP endpoint: what its subscription says, where its topic lets it, else what the topic says. */
export function retryPolicyOf(topic: { readonly attributes: Attributes }, own: Attributes): RetryPolicy {
  return inForce(topic, own, ({ retry }) => retry) ?? DEFAULT_RETRY_POLICY;
}

export function contentTypeOf(topic: { readonly attributes: Attributes }, own: Attributes): string {
  return inForce(topic, own, ({ contentType }) => contentType) ?? DEFAULT_CONTENT_TYPE;
}

function inForce<Part>(
  { attributes: { DeliveryPolicy: given } }: { readonly attributes: Attributes },
  { DeliveryPolicy: own }: Attributes,
  partOf: (policy: DeliveryPolicy) => Part | undefined,
): Part | undefined {
  const ofTopic = given === undefined ? undefined : parseDeliveryPolicy(given, 'topic');
  const ofOwn = own === undefined || ofTopic?.overrules ? undefined : parseDeliveryPolicy(own, 'subscription');
  return (ofOwn && partOf(ofOwn)) ?? (ofTopic && partOf(ofTopic));
}

function parseRetryPolicy(given: JsonObject): RetryPolicy {
  const whole = (name: string, otherwise: number, most: number): number => {
    const value = given[name] ?? otherwise;
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > most) throw refuse(name);
    return value as number;
  };
  const { numRetries, minDelayTarget, maxDelayTarget } = DEFAULT_RETRY_POLICY;
  const policy = {
    numRetries: whole('numRetries', numRetries, MOST_RETRIES),
    minDelayTarget: whole('minDelayTarget', minDelayTarget, LONGEST_DELAY),
    maxDelayTarget: whole('maxDelayTarget', maxDelayTarget, LONGEST_DELAY),
  };
  const inPhases = PHASES.reduce((sum, name) => sum + whole(name, 0, MOST_RETRIES), 0);
  if (inPhases > policy.numRetries) throw refuse('numRetries must be at least the retries of the phases together');
  if (policy.minDelayTarget > policy.maxDelayTarget) {
    throw refuse('maxDelayTarget must be greater than or equal to minDelayTarget');
  }
  if (!BACKOFFS.includes((given.backoffFunction as string | undefined) ?? 'linear')) throw refuse('backoffFunction');
  return policy;
}

function asObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw refuse('it must be an object');
}

function refuse(reason: string): Error {
  return invalidParameter(`DeliveryPolicy: ${reason}`);
}
