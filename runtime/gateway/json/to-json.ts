/** An output as the JSON protocols write it: bytes are base64, what is undefined is left out. */
export function toJson(output: unknown): string {
  return JSON.stringify(output ?? {}, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
}
