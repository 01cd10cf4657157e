import { BYTES, type Mapping, mapOf, type Of, type Structure, structure, TEXT } from '../service/shape.ts';

/** A value with its type. */
export const VALUE: Structure<{
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
  readonly DataType?: string | undefined;
}> = structure({ StringValue: TEXT, BinaryValue: BYTES, DataType: TEXT });

/** What senders say of a message beside its body. */
export const MESSAGE_ATTRIBUTES: Mapping<Of<typeof VALUE>> = mapOf(VALUE, 'MessageAttribute');
