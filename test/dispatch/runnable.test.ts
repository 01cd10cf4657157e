import { describe, expect, it, vi } from 'vitest';
import type { Invocation } from '../../runtime/contract/invocation.ts';
import { createRunnable } from '../../runtime/dispatch/index.ts';

describe('an invocation of what no thread can run', () => {
  it('ends as the function’s own error, and goes no further', async () => {
    const next = vi.fn();
    const unrunnable = { errorType: 'Runtime.InvalidEntrypoint', errorMessage: 'no interpreter' };
    const outcome = await createRunnable(next)({ target: { unrunnable } } as unknown as Invocation);
    expect(outcome).toMatchObject({ kind: 'function-error', error: unrunnable });
    expect(outcome).toMatchObject({ log: '' });
    expect(next).not.toHaveBeenCalled();
  });
});
