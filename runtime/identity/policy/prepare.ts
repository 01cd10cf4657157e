import type { Question } from '../../contract/authorizer.ts';
import type { PreparedQuestion } from './evaluate.ts';
import { type RequestContext, toRequestContext } from './request-context.ts';

/** A question with its context, which is made when a statement first looks at it: most look at none. */
export function prepare({ principal, action, resource, context = {} }: Question, now: number): PreparedQuestion {
  let made: RequestContext | undefined;
  return {
    ...{ principal, action, resource },
    get context() {
      made ??= toRequestContext(principal, context, now);
      return made;
    },
  };
}
