/** A pattern of paths and what serves them. */
export interface Route<T> {
  /** Upper case; `*` takes every method. GET takes HEAD too. */
  readonly method: string;
  /** Such as `/a/:Name/b`: a named segment holds at least one character. A last segment of `*` takes whatever follows. */
  readonly path: string;
  readonly target: T;
}

export interface Matched<T> {
  readonly target: T;
  /** Percent-decoded; what cannot be decoded stays as it is. */
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern<T> extends Route<T> {
  readonly segments: readonly string[];
  readonly open: boolean;
}

/** Finds the first route that takes a request. Literal segments are compared as they are; one trailing slash is ignored. */
export function createRouter<T>(
  routes: readonly Route<T>[],
): (method: string, rawPath: string) => Matched<T> | undefined {
  const patterns = routes.map((route): Pattern<T> => {
    const segments = segmentsOf(route.path);
    const open = segments.at(-1) === '*';
    return { ...route, segments: open ? segments.slice(0, -1) : segments, open };
  });
  return (method, rawPath) => {
    const segments = segmentsOf(rawPath);
    const wanted = method === 'HEAD' ? 'GET' : method;
    const found = patterns.find((one) => (one.method === '*' || one.method === wanted) && takes(one, segments));
    return found && { target: found.target, params: toParams(found.segments, segments) };
  };
}

function segmentsOf(path: string): readonly string[] {
  const end = path.length > 1 && path.endsWith('/') ? -1 : undefined;
  return path.slice(1, end).split('/');
}

function takes<T>({ segments: pattern, open }: Pattern<T>, segments: readonly string[]): boolean {
  if (open ? segments.length < pattern.length : segments.length !== pattern.length) return false;
  return pattern.every((one, index) => (one.startsWith(':') ? segments[index] !== '' : segments[index] === one));
}

function toParams(pattern: readonly string[], segments: readonly string[]): Readonly<Record<string, string>> {
  const params: Record<string, string> = {};
  for (const [index, one] of pattern.entries()) {
    if (one.startsWith(':')) params[one.slice(1)] = decode(segments[index] as string);
  }
  return params;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
