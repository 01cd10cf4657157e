import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { QueueError } from './queue-error.ts';
import { type QueueKey, type QueueRecord, toQueueArn } from './queue-record.ts';

/** Dead letters on their way back. Times are epoch milliseconds. */
export interface MoveTask {
  /** Only of a task that runs. */
  readonly handle: string | undefined;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  readonly sourceArn: string;
  /** Undefined: each to where it came from. */
  readonly destinationArn: string | undefined;
  readonly mostPerSecond: number | undefined;
  readonly moved: number;
  readonly toMove: number;
  readonly startedAt: number;
  readonly failure: string | undefined;
}

export interface MoveOrder {
  readonly source: QueueRecord;
  readonly destination: QueueKey | undefined;
  readonly mostPerSecond: number | undefined;
  /** How many there are. */
  readonly toMove: number;
}

export interface MoveTasksDeps {
  /** Moves at most so many; answers how many, 0 when none is left. Rejects with a QueueError for what cannot be moved. */
  readonly moveSome: (source: QueueRecord, destination: QueueKey | undefined, most: number) => Promise<number>;
  readonly clock: () => number;
}

type Running = { -readonly [Member in keyof MoveTask]: MoveTask[Member] } & { readonly id: string };

/** Messages moved at a time. */
const STEP = 10;
/** SQS remembers so many of a source. */
const MOST_REMEMBERED = 10;

/** Moves dead letters back, a source at a time. Tasks end with the process; what was moved by then is moved. */
export class MoveTasks {
  readonly #deps: MoveTasksDeps;
  /** By the ARN of their source, newest first. */
  readonly #tasks = new Map<string, Running[]>();

  constructor(deps: MoveTasksDeps) {
    this.#deps = deps;
  }

  /** Answers the handle. Throws an UnsupportedOperation while another one of the source runs. */
  start({ source, destination, mostPerSecond, toMove }: MoveOrder): string {
    const sourceArn = toQueueArn(source);
    const tasks = this.#tasks.get(sourceArn) ?? [];
    if (tasks.some(isActive)) {
      throw new QueueError(
        'UnsupportedOperation',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const id = randomUUID();
    const handle = Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64');
    const destinationArn = destination && toQueueArn(destination);
    const startedAt = this.#deps.clock();
    const task: Running = {
      ...{ id, handle, sourceArn, destinationArn, mostPerSecond, toMove, startedAt },
      ...{ status: 'RUNNING', moved: 0, failure: undefined },
    };
    this.#tasks.set(sourceArn, [task, ...tasks].slice(0, MOST_REMEMBERED));
    void this.#run(task, source, destination);
    return handle;
  }

  /** Newest first. */
  list(sourceArn: string): readonly MoveTask[] {
    return this.#tasks.get(sourceArn) ?? [];
  }

  /** Ends a task; answers how many it has moved. Throws a ResourceNotFoundException when none of that handle runs. */
  cancel(handle: string): number {
    const task = [...this.#tasks.values()].flat().find((each) => each.handle === handle && each.status === 'RUNNING');
    if (task === undefined) {
      throw new QueueError('ResourceNotFoundException', 'Task does not exist.');
    }
    task.status = 'CANCELLING';
    return task.moved;
  }

  drain(): void {
    for (const task of [...this.#tasks.values()].flat()) if (isActive(task)) task.status = 'CANCELLING';
  }

  async #run(task: Running, source: QueueRecord, destination: QueueKey | undefined): Promise<void> {
    const { moveSome } = this.#deps;
    const step = Math.min(STEP, task.mostPerSecond ?? STEP);
    try {
      while (task.status === 'RUNNING' && task.moved < task.toMove) {
        const moved = await moveSome(source, destination, Math.min(step, task.toMove - task.moved));
        if (moved === 0) break;
        task.moved += moved;
        if (task.mostPerSecond !== undefined)
          await delay((moved / task.mostPerSecond) * 1000, undefined, { ref: false });
      }
      task.status = task.status === 'RUNNING' ? 'COMPLETED' : 'CANCELLED';
    } catch (error) {
      task.status = 'FAILED';
      task.failure = error instanceof QueueError ? error.code : 'CouldNotMove';
    }
    task.handle = undefined;
  }
}

function isActive({ status }: MoveTask): boolean {
  return status === 'RUNNING' || status === 'CANCELLING';
}
