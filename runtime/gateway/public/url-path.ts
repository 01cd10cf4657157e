/** `/url/{function}[:{qualifier}]/{path}`, taken apart. */
export interface UrlPath {
  readonly functionName: string;
  readonly qualifier?: string;
  /** What the function sees as its path; still percent-encoded. */
  readonly rest: string;
}

const PATH = /^\/url\/([^/]+)(\/.*)?$/s;
const NAME = /^([A-Za-z0-9_-]{1,64})(?::([A-Za-z0-9_$-]{1,128}))?$/;

/** Undefined when the path is no function URL's. */
export function parseUrlPath(rawPath: string): UrlPath | undefined {
  const match = PATH.exec(rawPath);
  if (!match) return undefined;
  let segment: string;
  try {
    segment = decodeURIComponent(match[1]!);
  } catch {
    return undefined;
  }
  const name = NAME.exec(segment);
  if (!name) return undefined;
  const qualifier = name[2];
  return { functionName: name[1]!, rest: match[2] ?? '/', ...(qualifier === undefined ? {} : { qualifier }) };
}
