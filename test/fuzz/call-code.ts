import type { Builder } from './builder.ts';
import { u } from './bytes.ts';
import { CALLS, callIndex, TYPED } from './table-code.ts';
import type { Signature, ValueType } from './types.ts';

const ARGUMENT_DEPTH = 1;

/** A call of a function of these results, in one of the ways there are; false when there is no such function. */
export function callFor(builder: Builder, results: readonly ValueType[], how: 'call' | 'tail'): boolean {
  const { plan, random } = builder;
  const fitting = plan.functions.flatMap((at, index) =>
    at.signature.results.join() === results.join() ? [index] : [],
  );
  if (fitting.length === 0) return false;
  call(builder, random.pick(fitting), how);
  return true;
}

export function call(builder: Builder, index: number, how: 'call' | 'tail'): undefined {
  const { plan, random } = builder;
  const { signature, type, taken } = plan.functions[index]!;
  builder.values(signature.params, ARGUMENT_DEPTH);
  const tail = how === 'tail' ? 2 : 0;
  const byReference = plan.features.typedReferences && type === plan.functions[0]!.type && random.once(2);
  if (byReference) {
    if (!taken || random.once(3)) {
      builder.i32(random.below(4));
      builder.indexed(0x25, TYPED);
      if (random.once(2)) builder.op(0xd4);
    } else builder.indexed(0xd2, plan.imports.length + index);
    return builder.indexed(how === 'tail' ? 0x15 : 0x14, type);
  }
  if (random.once(taken ? 2 : 12)) {
    callIndex(builder, type);
    return builder.op([0x11 + tail, ...u(type), ...u(CALLS)]);
  }
  return builder.indexed(0x10 + tail, plan.imports.length + index);
}

/** A call of the host: one that is told values, one that answers, calls back or throws. */
export function callHost(builder: Builder, which: 0 | 1): undefined {
  const signature: Signature = builder.plan.imports[which]!;
  builder.values(signature.params, ARGUMENT_DEPTH);
  return builder.indexed(0x10, which);
}
