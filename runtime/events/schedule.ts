/** The event that a rule with a schedule makes. */
export interface ScheduledEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Scheduled Event';
  readonly source: 'aws.events';
  readonly account: string;
  /** ISO 8601, whole seconds: when it was due. */
  readonly time: string;
  readonly region: string;
  /** The rule's ARN. */
  readonly resources: readonly [string];
  readonly detail: Readonly<Record<string, never>>;
}

/** `at` is when it was due, in epoch milliseconds. */
export function toScheduledEvent(tick: {
  readonly id: string;
  readonly at: number;
  readonly region: string;
  readonly accountId: string;
  readonly ruleArn: string;
}): ScheduledEvent {
  return {
    ...{ version: '0', id: tick.id, 'detail-type': 'Scheduled Event', source: 'aws.events' },
    account: tick.accountId,
    time: `${new Date(tick.at).toISOString().slice(0, 19)}Z`,
    ...{ region: tick.region, resources: [tick.ruleArn], detail: {} },
  };
}
