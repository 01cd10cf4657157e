import { LogError } from '../../logs/index.ts';
import type { Refusal } from '../service/service.ts';

export function toLogsRefusal(error: unknown): Refusal | undefined {
  return error instanceof LogError ? { status: 400, code: error.code, message: error.message } : undefined;
}
