/** Reads one JSON string. Unescaped stretches are taken whole; lone surrogates are kept, as JavaScript keeps them. */
export class StringReader {
  problem: string = "";

  /** `at` is the opening quote, and after `read` what follows the closing one. */
  constructor(
    private readonly text: string,
    public at: i32,
  ) {}

  read(): string | null {
    const text = this.text;
    const parts: string[] = [];
    let start = ++this.at;
    while (this.at < text.length) {
      const unit = text.charCodeAt(this.at);
      if (unit == 0x22) {
        const last = text.substring(start, this.at++);
        if (parts.length == 0) return last;
        parts.push(last);
        return parts.join("");
      }
      if (unit < 0x20) return this.refuse("a control character in a string");
      if (unit != 0x5c) {
        this.at++;
        continue;
      }
      parts.push(text.substring(start, this.at));
      const escaped = this.escape();
      if (escaped < 0) return this.refuse("a malformed escape");
      parts.push(String.fromCharCode(escaped));
      start = this.at;
    }
    return this.refuse("a string does not end");
  }

  /** The unit that the escape stands for, or -1. */
  private escape(): i32 {
    const text = this.text;
    if (this.at + 1 >= text.length) return -1;
    const unit = text.charCodeAt(this.at + 1);
    if (unit == 0x75) return this.unicode();
    this.at += 2;
    switch (unit) {
      case 0x22:
      case 0x5c:
      case 0x2f:
        return unit;
      case 0x62:
        return 0x08;
      case 0x66:
        return 0x0c;
      case 0x6e:
        return 0x0a;
      case 0x72:
        return 0x0d;
      case 0x74:
        return 0x09;
      default:
        return -1;
    }
  }

  private unicode(): i32 {
    if (this.at + 6 > this.text.length) return -1;
    let value = 0;
    for (let i = this.at + 2; i < this.at + 6; i++) {
      const unit = this.text.charCodeAt(i);
      const lower = unit | 0x20;
      const digit = unit >= 0x30 && unit <= 0x39 ? unit - 0x30 : lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
      if (digit < 0) return -1;
      value = (value << 4) | digit;
    }
    this.at += 6;
    return value;
  }

  private refuse(problem: string): string | null {
    this.problem = problem;
    return null;
  }
}
