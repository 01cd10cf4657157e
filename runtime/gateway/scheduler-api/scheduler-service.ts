import { BusError, type BusErrorCode } from '../../buses/index.ts';
import { MIB } from '../../contract/limits.ts';
import type { RestService } from '../rest/rest-service.ts';
import { createGroupOperations } from './group-operations.ts';
import { createScheduleOperations, type ScheduleDeps } from './schedule-operations.ts';
import { createTagOperations } from './tag-operations.ts';

const STATUS: Readonly<Partial<Record<BusErrorCode, number>>> = {
  ConflictException: 409,
  ResourceNotFoundException: 404,
  ServiceQuotaExceededException: 402,
};

/** EventBridge Scheduler. */
export function createScheduler(deps: ScheduleDeps): RestService {
  const { buses } = deps;
  return {
    name: 'scheduler',
    bodyBytes: MIB,
    operations: [...createScheduleOperations(deps), ...createGroupOperations(buses), ...createTagOperations(buses)],
    toRefusal: (error) =>
      error instanceof BusError
        ? { status: STATUS[error.code] ?? 400, code: error.code, message: error.message }
        : undefined,
  };
}
