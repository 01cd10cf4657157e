import * as sdk from '@aws-sdk/client-lambda';

/** Every operation that the SDK knows, by name. */
export const SDK_OPERATIONS: readonly string[] = Object.keys(sdk)
  .filter((name) => /^[A-Z]\w*Command$/.test(name))
  .map((name) => name.slice(0, -'Command'.length));

/** How the SDK reaches an operation, with a value for every parameter of its path. */
export function routeOf(operation: string): { readonly method: string; readonly path: string } {
  const schema = (sdk as Readonly<Record<string, unknown>>)[`${operation}$`] as readonly unknown[];
  const { http } = schema[3] as { readonly http: readonly [string, string, number] };
  const [method, path] = http;
  return { method, path: path.replace(/\{\w+\}/g, encodeURIComponent('arn:aws:lambda:us-east-1:000000000000:x:y')) };
}
