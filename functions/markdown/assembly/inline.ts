import { escape, safeAddress } from "./escape";

/** Emphasis in links in emphasis: deeper than this is shown as it stands. */
const MAX_DEPTH = 8;

/** Renders what stands within a line. Everything that is no markup is escaped. */
export function renderInline(text: string, depth: i32 = 0): string {
  if (depth > MAX_DEPTH) return escape(text);
  let html = "";
  let start = 0;
  let at = 0;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit == 0x5c && at + 1 < text.length) {
      html += escape(text.substring(start, at));
      start = at + 1;
      at += 2;
      continue;
    }
    const span = unit == 0x60 ? code(text, at) : unit == 0x5b ? link(text, at, depth) : unit == 0x2a ? emphasis(text, at, depth) : null;
    if (span === null) {
      at++;
      continue;
    }
    html += escape(text.substring(start, at)) + span.html;
    at = span.end;
    start = at;
  }
  return html + escape(text.substring(start));
}

class Span {
  constructor(
    readonly html: string,
    readonly end: i32,
  ) {}
}

/** `code` */
function code(text: string, at: i32): Span | null {
  const end = text.indexOf("`", at + 1);
  return end < 0 ? null : new Span("<code>" + escape(text.substring(at + 1, end)) + "</code>", end + 1);
}

/** [text](address) */
function link(text: string, at: i32, depth: i32): Span | null {
  const middle = text.indexOf("](", at + 1);
  if (middle < 0) return null;
  const end = text.indexOf(")", middle + 2);
  if (end < 0) return null;
  const address = safeAddress(text.substring(middle + 2, end));
  const inner = renderInline(text.substring(at + 1, middle), depth + 1);
  return new Span('<a href="' + escape(address) + '" rel="nofollow">' + inner + "</a>", end + 1);
}

/** **strong** or *emphasis* */
function emphasis(text: string, at: i32, depth: i32): Span | null {
  const mark = text.startsWith("**", at) ? "**" : "*";
  const end = text.indexOf(mark, at + mark.length);
  if (end <= at + mark.length) return null;
  const tag = mark.length == 2 ? "strong" : "em";
  const inner = renderInline(text.substring(at + mark.length, end), depth + 1);
  return new Span("<" + tag + ">" + inner + "</" + tag + ">", end + mark.length);
}
