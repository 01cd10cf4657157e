import { Json, kind } from "./json";
import { scanNumber } from "./number";
import { StringReader } from "./string-reader";

/** Deeper than this is refused: recursion here is recursion on the host's stack. */
export const MAX_DEPTH: i32 = 512;

/** A recursive descent over one text. A failed step answers null and leaves its sentence in `problem`. */
export class Parser {
  problem: string = "";
  private at: i32 = 0;

  constructor(private readonly text: string) {}

  parse(): Json | null {
    const value = this.value(0);
    if (value === null) return null;
    if (this.peek() != -1) return this.refuse("unexpected text after the value");
    return value;
  }

  private value(depth: i32): Json | null {
    if (depth > MAX_DEPTH) return this.refuse("nested deeper than " + MAX_DEPTH.toString());
    const unit = this.peek();
    if (unit == 0x7b) return this.object(depth);
    if (unit == 0x5b) return this.array(depth);
    if (unit == 0x22) {
      const text = this.string();
      return text === null ? null : Json.of<string>(text);
    }
    if (unit == 0x2d || (unit >= 0x30 && unit <= 0x39)) return this.number();
    if (this.takeWord("true")) return Json.of<bool>(true);
    if (this.takeWord("false")) return Json.of<bool>(false);
    if (this.takeWord("null")) return Json.null();
    return this.refuse(unit == -1 ? "the text ends too early" : "a value is expected");
  }

  private object(depth: i32): Json | null {
    const object = Json.object();
    const members = object.members!;
    this.at++;
    if (this.take(0x7d)) return object;
    do {
      if (this.peek() != 0x22) return this.refuse("a member's name is expected");
      const key = this.string();
      if (key === null) return null;
      if (!this.take(0x3a)) return this.refuse("a colon is expected");
      const value = this.value(depth + 1);
      if (value === null) return null;
      members.set(key, value);
    } while (this.take(0x2c));
    return this.take(0x7d) ? object : this.refuse("a comma or } is expected");
  }

  private array(depth: i32): Json | null {
    const array = Json.array();
    const elements = array.elements!;
    this.at++;
    if (this.take(0x5d)) return array;
    do {
      const value = this.value(depth + 1);
      if (value === null) return null;
      elements.push(value);
    } while (this.take(0x2c));
    return this.take(0x5d) ? array : this.refuse("a comma or ] is expected");
  }

  private string(): string | null {
    const reader = new StringReader(this.text, this.at);
    const value = reader.read();
    this.at = reader.at;
    if (value === null) this.refuse(reader.problem);
    return value;
  }

  private number(): Json | null {
    const end = scanNumber(this.text, this.at);
    if (end < 0) return this.refuse("a number is malformed");
    const json = new Json(kind.NUMBER);
    json.text = this.text.substring(this.at, end);
    this.at = end;
    return json;
  }

  /** The next unit that is no white space, or -1 at the end. */
  private peek(): i32 {
    const text = this.text;
    while (this.at < text.length) {
      const unit = text.charCodeAt(this.at);
      if (unit != 0x20 && unit != 0x0a && unit != 0x0d && unit != 0x09) return unit;
      this.at++;
    }
    return -1;
  }

  private take(unit: i32): bool {
    if (this.peek() != unit) return false;
    this.at++;
    return true;
  }

  private takeWord(word: string): bool {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private refuse(problem: string): Json | null {
    this.problem = "not JSON: " + problem + " at position " + this.at.toString();
    return null;
  }
}
