import { Json, kind } from "./json";
import { MAX_DEPTH } from "./parser";

/** Writes a Json as compact text. Lone surrogates are escaped, so that the text is always well-formed Unicode. */
export class Serializer {
  private units: StaticArray<u16> = new StaticArray<u16>(128);
  private length: i32 = 0;

  serialize(json: Json): string {
    this.value(json, 0);
    return String.UTF16.decodeUnsafe(changetype<usize>(this.units), this.length << 1);
  }

  private value(json: Json, depth: i32): void {
    if (depth > MAX_DEPTH) throw new Error("a Json nested deeper than " + MAX_DEPTH.toString() + " cannot be written");
    if (json.kind == kind.STRING) this.string(json.text);
    else if (json.kind == kind.NUMBER) this.raw(json.text);
    else if (json.kind == kind.BOOLEAN) this.raw(json.truth ? "true" : "false");
    else if (json.kind == kind.ARRAY) this.array(json.elements!, depth);
    else if (json.kind == kind.OBJECT) this.object(json.members!, depth);
    else this.raw("null");
  }

  private array(elements: Json[], depth: i32): void {
    this.unit(0x5b);
    for (let i = 0; i < elements.length; i++) {
      if (i > 0) this.unit(0x2c);
      this.value(elements[i], depth + 1);
    }
    this.unit(0x5d);
  }

  private object(members: Map<string, Json>, depth: i32): void {
    const keys = members.keys();
    const values = members.values();
    this.unit(0x7b);
    for (let i = 0; i < keys.length; i++) {
      if (i > 0) this.unit(0x2c);
      this.string(keys[i]);
      this.unit(0x3a);
      this.value(values[i], depth + 1);
    }
    this.unit(0x7d);
  }

  private string(text: string): void {
    this.unit(0x22);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit == 0x22 || unit == 0x5c) {
        this.unit(0x5c);
        this.unit(<u16>unit);
      } else if (unit < 0x20) {
        this.control(unit);
      } else if ((unit & 0xf800) != 0xd800) {
        this.unit(<u16>unit);
      } else if (unit < 0xdc00 && i + 1 < text.length && (text.charCodeAt(i + 1) & 0xfc00) == 0xdc00) {
        this.unit(<u16>unit);
        this.unit(<u16>text.charCodeAt(++i));
      } else {
        this.raw("\\u" + unit.toString(16));
      }
    }
    this.unit(0x22);
  }

  private control(unit: i32): void {
    if (unit == 0x0a) this.raw("\\n");
    else if (unit == 0x0d) this.raw("\\r");
    else if (unit == 0x09) this.raw("\\t");
    else this.raw("\\u" + unit.toString(16).padStart(4, "0"));
  }

  private raw(text: string): void {
    for (let i = 0; i < text.length; i++) this.unit(<u16>text.charCodeAt(i));
  }

  private unit(unit: u16): void {
    if (this.length == this.units.length) {
      const larger = new StaticArray<u16>(this.units.length * 2);
      memory.copy(changetype<usize>(larger), changetype<usize>(this.units), <usize>this.length << 1);
      this.units = larger;
    }
    this.units[this.length++] = unit;
  }
}
