/** Who is told of what. */
export interface NotificationTarget {
  readonly id: string;
  /** Of a function, a queue or a topic. */
  readonly arn: string;
  /** Such as `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
}

/** What a bucket tells others of its objects. */
export interface Notifications {
  readonly targets: readonly NotificationTarget[];
  /** Everything is told to the account's default event bus as well. */
  readonly eventBridge?: true;
}

export const NO_NOTIFICATIONS: Notifications = { targets: [] };

/** Those who are to be told; `event` without `s3:`, such as `ObjectCreated:Put`. */
export function targetsOf(
  { targets }: Notifications,
  { event, key }: { readonly event: string; readonly key: string },
): readonly NotificationTarget[] {
  return targets.filter(
    ({ events, prefix = '', suffix = '' }) =>
      events.some((pattern) => covers(pattern, `s3:${event}`)) && key.startsWith(prefix) && key.endsWith(suffix),
  );
}

/** True when an event, or a pattern of them, is one of the pattern's. */
export function covers(pattern: string, event: string): boolean {
  return pattern.endsWith('*') ? event.startsWith(pattern.slice(0, -1)) : event === pattern;
}
