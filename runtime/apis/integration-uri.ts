import { badRequest } from './api-error.ts';
import type { Texts } from './api-record.ts';

const AROUND = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path\/\d{4}-\d{2}-\d{2}\/functions\/(.+)\/invocations$/;
const FUNCTION =
  /^arn:aws[a-z-]*:lambda:([a-z0-9-]+):(\d{12}):function:((?:[A-Za-z0-9_-]|\$\{stageVariables\.\w+\}){1,140})(?::((?:[A-Za-z0-9_$-]|\$\{stageVariables\.\w+\}){1,140}))?$/;
const VARIABLE = /\$\{stageVariables\.(\w+)\}/g;

/** The function's ARN in what names an integration or an authorizer; stage variables are left in it. Throws an ApiError. */
export function toFunctionArn(uri: string, member: string): string {
  const arn = AROUND.exec(uri)?.[1] ?? uri;
  if (arn.length > 1_024 || !FUNCTION.test(arn)) {
    throw badRequest(`Invalid ${member}: it must be the ARN of a function, or API Gateway's ARN of its invocations.`);
  }
  return arn;
}

/** The ARN with the values of stage variables in it; undefined when one has none, or what comes out names no function. */
export function expandVariables(arn: string, variables: Texts): string | undefined {
  if (!arn.includes('${')) return arn;
  const expanded = arn.replace(VARIABLE, (_, name: string) =>
    Object.hasOwn(variables, name) ? variables[name]! : ' ',
  );
  return /^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(?::[A-Za-z0-9_$-]+)?$/.test(expanded)
    ? expanded
    : undefined;
}
