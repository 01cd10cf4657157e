/** A unit as a linear map to its dimension's base: base = value * scale + offset. */
export class Unit {
  constructor(
    readonly dimension: string,
    readonly scale: f64,
    readonly offset: f64 = 0,
  ) {}
}

/** All units by symbol. */
export const UNITS: Map<string, Unit> = new Map();

UNITS.set("m", new Unit("length", 1));
UNITS.set("km", new Unit("length", 1000));
UNITS.set("in", new Unit("length", 0.0254));
UNITS.set("ft", new Unit("length", 0.3048));
UNITS.set("mi", new Unit("length", 1609.344));
UNITS.set("g", new Unit("mass", 0.001));
UNITS.set("kg", new Unit("mass", 1));
UNITS.set("oz", new Unit("mass", 0.028349523125));
UNITS.set("lb", new Unit("mass", 0.45359237));
UNITS.set("K", new Unit("temperature", 1));
UNITS.set("C", new Unit("temperature", 1, 273.15));
UNITS.set("F", new Unit("temperature", 5.0 / 9.0, 459.67 * (5.0 / 9.0)));

/** Converts between units of one dimension, to twelve significant digits, which hides the rounding of the steps between. */
export function convert(value: f64, from: Unit, to: Unit): f64 {
  return round((value * from.scale + from.offset - to.offset) / to.scale);
}

function round(value: f64): f64 {
  if (value == 0 || !isFinite(value)) return value;
  // Digits past those of the larger of the value and 1 are noise: 0 degrees must not come out as 1e-14.
  const digits = 11 - <i32>Math.floor(Math.log10(Math.max(1, Math.abs(value))));
  if (digits < 0) return value;
  const scale = Math.pow(10, <f64>digits);
  return Math.round(value * scale) / scale;
}
