/** A request without its body, as it stood on the wire. */
export interface RequestHead {
  /** Upper case. */
  readonly method: string;
  /** Percent-encoding kept, without the query; starts with a slash. */
  readonly rawPath: string;
  /** Without the question mark. */
  readonly rawQuery: string;
  /** Percent-decoded; a plus sign is a plus sign, as the signature reads it. */
  readonly query: readonly (readonly [string, string])[];
  /** Names in lower case, duplicates joined with a comma (cookies with a semicolon). No prototype. */
  readonly headers: Readonly<Record<string, string>>;
  readonly sourceIp: string;
  readonly protocol: string;
}

/** Builds the head from a request target and header lines (name, value, name, value, ...). */
export function toRequestHead(parts: {
  readonly method: string;
  readonly target: string;
  readonly headerLines: readonly string[];
  readonly sourceIp: string;
  readonly protocol: string;
}): RequestHead {
  const origin = /^https?:\/\/[^/?#]*/i.exec(parts.target)?.[0] ?? '';
  const target = parts.target.slice(origin.length);
  const mark = target.indexOf('?');
  const rawQuery = mark === -1 ? '' : target.slice(mark + 1);
  return {
    method: parts.method,
    rawPath: (mark === -1 ? target : target.slice(0, mark)) || '/',
    rawQuery,
    query: parseQuery(rawQuery),
    headers: joinHeaders(parts.headerLines),
    sourceIp: parts.sourceIp,
    protocol: parts.protocol,
  };
}

function joinHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null);
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const name = lines[i]!.toLowerCase();
    const earlier = headers[name];
    const value = lines[i + 1]!;
    headers[name] = earlier === undefined ? value : `${earlier}${name === 'cookie' ? '; ' : ','}${value}`;
  }
  return headers;
}

function parseQuery(rawQuery: string): readonly (readonly [string, string])[] {
  if (rawQuery === '') return [];
  return rawQuery
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals === -1 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    });
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
