import { Parser } from "./parser";
import { Serializer } from "./serializer";

/** The kinds of a Json; `MISSING` is what a lookup answers when there is nothing. */
export namespace kind {
  export const MISSING: i32 = 0;
  export const NULL: i32 = 1;
  export const BOOLEAN: i32 = 2;
  export const NUMBER: i32 = 3;
  export const STRING: i32 = 4;
  export const ARRAY: i32 = 5;
  export const OBJECT: i32 = 6;
}

/**
 * A JSON value. Lookups never fail: `json.get("a").at(0).stringOr("none")` walks whatever is there. Numbers that were
 * parsed keep their text, so that any number comes out as it came in.
 */
export class Json {
  /** A string's value, or a number's text. */
  text: string = "";
  truth: bool = false;
  elements: Json[] | null = null;
  members: Map<string, Json> | null = null;

  constructor(public readonly kind: i32) {}

  /** Parses JSON (RFC 8259, nothing more), or throws saying what is wrong and where. */
  static parse(text: string): Json {
    const parser = new Parser(text);
    const value = parser.parse();
    if (value === null) throw new Error(parser.problem);
    return value;
  }

  /** Parses JSON, or answers null. */
  static tryParse(text: string): Json | null {
    return new Parser(text).parse();
  }

  static object(): Json {
    const json = new Json(kind.OBJECT);
    json.members = new Map();
    return json;
  }

  static array(): Json {
    const json = new Json(kind.ARRAY);
    json.elements = [];
    return json;
  }

  static null(): Json {
    return new Json(kind.NULL);
  }

  /** Turns a string, number, boolean, Json, null, or an array of these into a Json. NaN and infinities become null. */
  static of<T>(value: T): Json {
    if (isNullable<T>()) {
      // @ts-ignore: T is known when this is compiled
      return value === null ? Json.null() : Json.of<NonNullable<T>>(value);
    }
    // @ts-ignore: T is known when this is compiled
    if (value instanceof Json) return value;
    if (isString<T>()) {
      const json = new Json(kind.STRING);
      // @ts-ignore: T is a string here
      json.text = value;
      return json;
    } else if (isBoolean<T>()) {
      const json = new Json(kind.BOOLEAN);
      json.truth = <bool>value;
      return json;
    } else if (isFloat<T>()) {
      if (!isFinite(<f64>value)) return Json.null();
      const json = new Json(kind.NUMBER);
      const text = (<f64>value).toString();
      json.text = text.endsWith(".0") ? text.slice(0, -2) : text;
      return json;
    } else if (isInteger<T>()) {
      const json = new Json(kind.NUMBER);
      // @ts-ignore: T is an integer here
      json.text = value.toString();
      return json;
    } else if (isArray<T>()) {
      const json = Json.array();
      // @ts-ignore: T is an array here
      for (let i = 0; i < value.length; i++) json.push(value[i]);
      return json;
    } else {
      ERROR("Json.of takes a string, number, boolean, Json, or an array of these");
    }
  }

  /** Sets a member and answers this object, for chaining. */
  set<T>(key: string, value: T): this {
    const members = this.members;
    if (members === null) throw new Error("only an object has members");
    members.set(key, Json.of<T>(value));
    return this;
  }

  /** Appends an element and answers this array, for chaining. */
  push<T>(value: T): this {
    const elements = this.elements;
    if (elements === null) throw new Error("only an array has elements");
    elements.push(Json.of<T>(value));
    return this;
  }

  /** The member `key`, or a missing value. */
  get(key: string): Json {
    const members = this.members;
    return members !== null && members.has(key) ? members.get(key) : new Json(kind.MISSING);
  }

  /** The element `index`, or a missing value. */
  at(index: i32): Json {
    const elements = this.elements;
    return elements !== null && index >= 0 && index < elements.length ? elements[index] : new Json(kind.MISSING);
  }

  /** True when the lookup that answered this found something (null is something). */
  get exists(): bool {
    return this.kind != kind.MISSING;
  }
  get isNull(): bool {
    return this.kind == kind.NULL;
  }
  get isBoolean(): bool {
    return this.kind == kind.BOOLEAN;
  }
  get isNumber(): bool {
    return this.kind == kind.NUMBER;
  }
  get isString(): bool {
    return this.kind == kind.STRING;
  }
  get isArray(): bool {
    return this.kind == kind.ARRAY;
  }
  get isObject(): bool {
    return this.kind == kind.OBJECT;
  }

  /** Elements of an array or members of an object; 0 for anything else. */
  get length(): i32 {
    const elements = this.elements;
    const members = this.members;
    return elements !== null ? elements.length : members !== null ? members.size : 0;
  }

  /** An object's keys in their order; empty for anything else. */
  keys(): string[] {
    const members = this.members;
    return members === null ? [] : members.keys();
  }

  stringOr(fallback: string): string {
    return this.isString ? this.text : fallback;
  }
  numberOr(fallback: f64): f64 {
    return this.isNumber ? parseFloat(this.text) : fallback;
  }
  booleanOr(fallback: bool): bool {
    return this.isBoolean ? this.truth : fallback;
  }
  /** A whole number that an i64 holds exactly; a number written with a fraction or an exponent is converted if it is whole. */
  integerOr(fallback: i64): i64 {
    if (!this.isNumber) return fallback;
    const text = this.text;
    if (!text.includes(".") && !text.includes("e") && !text.includes("E")) {
      const value = I64.parseInt(text);
      const round = value.toString();
      return round == text ? value : text == "-0" ? 0 : fallback;
    }
    const value = parseFloat(text);
    return Math.abs(value) <= <f64>F64.MAX_SAFE_INTEGER && Math.floor(value) == value ? <i64>value : fallback;
  }

  toString(): string {
    return new Serializer().serialize(this);
  }
}
