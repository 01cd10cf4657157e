export { evaluate, type PreparedQuestion } from './policy/evaluate.ts';
export { MalformedPolicy } from './policy/malformed-policy.ts';
export { type PolicyUse, parsePolicy } from './policy/parse-policy.ts';
export { type RequestContext, toRequestContext } from './policy/request-context.ts';
