import type { RoleTaker } from './authorizer.ts';

/** On whose behalf something is delivered. */
export type Sender =
  /** A role, which must allow it, and let `takenBy` act by it; Lambda when absent. */
  | { readonly kind: 'role'; readonly arn: string; readonly takenBy?: RoleTaker }
  /**
   * A service of the platform, which the resource's own policy must allow; `sourceArn`: what it acts for, such as a rule, and
   * `sourceAccount` whose that is, where the ARN does not say.
   */
  | { readonly kind: 'service'; readonly name: string; readonly sourceArn: string; readonly sourceAccount?: string };

/** As SQS and SNS have them. */
export type DeliveryAttributes = Readonly<
  Record<string, { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: Uint8Array }>
>;

/** Something said to a resource that is named by its ARN: a queue gets a message, a function an asynchronous event. */
export interface Delivery {
  readonly arn: string;
  readonly sender: Sender;
  readonly body: string;
  readonly attributes?: DeliveryAttributes;
  /** For FIFO queues. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** `X-Amzn-Trace-Id`; a new one when absent. Its lineage ends what goes round in circles. */
  readonly traceId?: string;
  /** A function is only asked whether it may be called; others take this as any delivery. */
  readonly isTrial?: true;
  /** What an event bus says around the body, which is its event's detail. Without it the body is a whole event. */
  readonly envelope?: EventEnvelope;
  /** How often an event was passed on from one bus to another. */
  readonly hops?: number;
}

/** As PutEvents has it. */
export interface EventEnvelope {
  readonly source: string;
  readonly detailType: string;
  /** ARNs. */
  readonly resources: readonly string[];
}

/** Why something never will be delivered. */
export interface DeliveryRefusal {
  /** A sentence. */
  readonly refused: string;
  /** As EventBridge's dead letters have it; absent for what is not taken for another reason. */
  readonly code?: 'NO_PERMISSIONS' | 'NO_RESOURCE';
}

/** Resolves when what was delivered is durable there, or when it never will be. Rejects when it may be tried again. */
export type Deliver = (delivery: Delivery) => Promise<Partial<DeliveryRefusal>>;
