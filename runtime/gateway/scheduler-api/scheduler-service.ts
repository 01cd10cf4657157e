import { BusError, type BusErrorCode } from '../../buses/index.ts';
import { MIB } from '../../contract/limits.ts';
import type { RestService } from '../rest/rest-service.ts';
import { createGroupOperations } from './group-operations.ts';
import { createScheduleOperations } from './schedule-operations.ts';
import type { OpenBuses } from './scheduler-names.ts';

const STATUS: Readonly<Partial<Record<BusErrorCode, number>>> = {
  ConflictException: 409,
  ResourceNotFoundException: 404,
  ServiceQuotaExceededException: 402,
};

/** EventBridge Scheduler. */
export function createScheduler(buses: OpenBuses): RestService {
  return {
    name: 'scheduler',
    bodyBytes: MIB,
    operations: [...createScheduleOperations(buses), ...createGroupOperations(buses)],
    toRefusal: (error) =>
      error instanceof BusError
        ? { status: STATUS[error.code] ?? 400, code: error.code, message: error.message }
        : undefined,
  };
}
