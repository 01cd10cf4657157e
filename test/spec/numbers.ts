export type NumberType = 'i8' | 'i16' | 'i32' | 'i64' | 'f32' | 'f64';

interface FloatFormat {
  readonly width: number;
  /** Bits of the significand, the hidden one counted. */
  readonly precision: number;
  /** The exponent of the smallest number above zero. */
  readonly least: number;
  readonly infinity: bigint;
}

const FLOATS: Readonly<Record<'f32' | 'f64', FloatFormat>> = {
  f32: { width: 32, precision: 24, least: -149, infinity: 0x7f80_0000n },
  f64: { width: 64, precision: 53, least: -1074, infinity: 0x7ff0_0000_0000_0000n },
};

/** The bits of a literal of the text format, rounded to nearest, ties to even. */
export function toBits(type: NumberType, literal: string): bigint {
  const text = literal.replaceAll('_', '');
  const negative = text.startsWith('-');
  const digits = text.replace(/^[+-]/, '');
  if (type !== 'f32' && type !== 'f64') {
    const value = BigInt(digits);
    return BigInt.asUintN(Number(type.slice(1)), negative ? -value : value);
  }
  const format = FLOATS[type];
  const sign = negative ? 1n << BigInt(format.width - 1) : 0n;
  return sign | magnitude(format, digits);
}

/** True for the one NaN of the type with only its quiet bit set, of either sign. */
export function isCanonicalNan(type: 'f32' | 'f64', bits: bigint): boolean {
  const { width, precision, infinity } = FLOATS[type];
  return BigInt.asUintN(width - 1, bits) === (infinity | (1n << BigInt(precision - 2)));
}

/** True for every NaN whose quiet bit is set. */
export function isArithmeticNan(type: 'f32' | 'f64', bits: bigint): boolean {
  const quiet = FLOATS[type].infinity | (1n << BigInt(FLOATS[type].precision - 2));
  return (bits & quiet) === quiet;
}

function magnitude(format: FloatFormat, digits: string): bigint {
  if (digits === 'inf') return format.infinity;
  if (digits === 'nan') return format.infinity | (1n << BigInt(format.precision - 2));
  if (digits.startsWith('nan:')) return format.infinity | BigInt(digits.slice(4));
  const hex = /^0x([0-9a-f]+)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?$/i.exec(digits);
  if (hex) {
    const [, whole = '', fraction = '', power = '0'] = hex;
    return round(format, BigInt(`0x${whole}${fraction}`), 2n, Number(power) - 4 * fraction.length);
  }
  const decimal = /^(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(digits);
  if (!decimal) throw new Error(`what number is ${digits}`);
  const [, whole = '', fraction = '', power = '0'] = decimal;
  return round(format, BigInt(whole + fraction), 10n, Number(power) - fraction.length);
}

/** `value * base ** power` as bits, exactly rounded. */
function round(format: FloatFormat, value: bigint, base: bigint, power: number): bigint {
  if (value === 0n) return 0n;
  const numerator = power > 0 ? value * base ** BigInt(power) : value;
  const denominator = power < 0 ? base ** BigInt(-power) : 1n;
  let exponent = Math.max(format.least, bitLength(numerator) - bitLength(denominator) - format.precision);
  let [significand, rest, unit] = divide(numerator, denominator, exponent);
  if (bitLength(significand) > format.precision) [significand, rest, unit] = divide(numerator, denominator, ++exponent);
  if (rest * 2n > unit || (rest * 2n === unit && significand & 1n)) significand++;
  const hidden = BigInt(format.precision - 1);
  const bits = (BigInt(exponent - format.least) << hidden) + significand;
  return bits < format.infinity ? bits : format.infinity;
}

function divide(numerator: bigint, denominator: bigint, exponent: number): [bigint, bigint, bigint] {
  const dividend = exponent < 0 ? numerator << BigInt(-exponent) : numerator;
  const divisor = exponent > 0 ? denominator << BigInt(exponent) : denominator;
  return [dividend / divisor, dividend % divisor, divisor];
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}
