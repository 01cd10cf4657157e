/** An event of a log that is nobody's invocation, as its group keeps it: a line of JSON. */
export function toTextEntry(at: number, message: string): string {
  return JSON.stringify(['e', at, message]);
}

/** Undefined when it is no such line. */
export function fromTextEntry(row: readonly unknown[]): { readonly at: number; readonly message: string } | undefined {
  const [kind, at, message] = row;
  return kind === 'e' && typeof at === 'number' && typeof message === 'string' ? { at, message } : undefined;
}
