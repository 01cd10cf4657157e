import { isJsonObject } from '../../contract/json.ts';
import { invalid } from '../call-error.ts';

/** Message attributes as SQS has them; what they may say is for the queue to judge. */
export type GivenAttributes = Readonly<
  Record<string, { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: Uint8Array }>
>;

/** Binary values are base64 in a head. Throws a CallError for what has another form. */
export function parseAttributes(given: unknown): GivenAttributes {
  if (given === undefined) return {};
  if (!isJsonObject(given)) throw invalid('"attributes" must be an object.');
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, parseAttribute(name, value)]));
}

function parseAttribute(name: string, value: unknown): GivenAttributes[string] {
  const { DataType, StringValue, BinaryValue } = isJsonObject(value) ? value : {};
  const [isText, isBinary] = [typeof StringValue === 'string', typeof BinaryValue === 'string'];
  if (typeof DataType !== 'string' || isText === isBinary) {
    throw invalid(`The attribute "${name.slice(0, 64)}" must have a DataType, and a StringValue or a BinaryValue.`);
  }
  return isText
    ? { DataType, StringValue: String(StringValue) }
    : { DataType, BinaryValue: Buffer.from(String(BinaryValue), 'base64') };
}
