import type { Service } from '../service/service.ts';
import { createEventOperations } from './event-operations.ts';
import type { OpenLogs } from './group-input.ts';
import { createGroupOperations } from './group-operations.ts';
import { toLogsRefusal } from './logs-errors.ts';
import { createStreamOperations } from './stream-operations.ts';
import { createSubscriptionOperations } from './subscription-operations.ts';
import { createTagOperations } from './tag-operations.ts';

/** CloudWatch Logs, in its JSON protocol. */
export function createLogs(open: OpenLogs): Service {
  // Whoever has the answer of an invocation finds its lines.
  const logs: OpenLogs = async () => {
    const opened = await open();
    await opened.settled();
    return opened;
  };
  return {
    name: 'logs',
    // A megabyte of messages, every character of them escaped, and what is around them.
    bodyBytes: 8 * 1_048_576,
    json: {
      target: 'Logs_20140328',
      contentType: 'application/x-amz-json-1.1',
      namespace: 'com.amazonaws.logs',
    },
    operations: [
      ...createGroupOperations(logs),
      ...createTagOperations(logs),
      ...createStreamOperations(logs),
      ...createEventOperations(logs),
      ...createSubscriptionOperations(logs),
    ],
    toRefusal: toLogsRefusal,
  };
}
