import { escape } from "./escape";
import { renderInline } from "./inline";

/** Renders a document block by block, each from its first line. */
export function renderBlocks(source: string): string {
  const lines = source.replaceAll("\r\n", "\n").split("\n");
  const html: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    const level = headingLevel(line);
    if (line.trim().length == 0) {
      at++;
    } else if (line.startsWith("```")) {
      let end = at + 1;
      while (end < lines.length && !lines[end].startsWith("```")) end++;
      html.push("<pre><code>" + escape(lines.slice(at + 1, end).join("\n")) + "\n</code></pre>");
      at = end + 1;
    } else if (level > 0) {
      const tag = "h" + level.toString();
      html.push("<" + tag + ">" + renderInline(line.substring(level).trim()) + "</" + tag + ">");
      at++;
    } else {
      const prefix = markerOf(line);
      let end = at + 1;
      while (end < lines.length && lines[end].trim().length > 0 && continues(lines[end], prefix)) end++;
      html.push(renderRun(lines.slice(at, end), prefix));
      at = end;
    }
  }
  return html.join("\n") + "\n";
}

/** How many `#` a heading starts with; 0 when the line is none. */
function headingLevel(line: string): i32 {
  let level = 0;
  while (level < line.length && line.charCodeAt(level) == 0x23) level++;
  return level <= 6 && level < line.length && line.charCodeAt(level) == 0x20 ? level : 0;
}

/** What a list item, a numbered item ("1. ") or a quote starts with; "" for a paragraph. */
function markerOf(line: string): string {
  if (line.startsWith("- ") || line.startsWith("* ")) return "- ";
  if (line.startsWith("> ")) return "> ";
  return numberLength(line) > 0 ? "1. " : "";
}

/** How long the "12. " is that the line starts with, or 0. */
function numberLength(line: string): i32 {
  let digits = 0;
  while (digits < line.length && line.charCodeAt(digits) >= 0x30 && line.charCodeAt(digits) <= 0x39) digits++;
  return digits > 0 && line.startsWith(". ", digits) ? digits + 2 : 0;
}

function continues(line: string, marker: string): bool {
  return markerOf(line) == marker && headingLevel(line) == 0 && !line.startsWith("```");
}

function renderRun(lines: string[], marker: string): string {
  if (marker == "") return "<p>" + renderInline(lines.join("\n")) + "</p>";
  const items: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    items.push(lines[i].substring(marker == "1. " ? numberLength(lines[i]) : 2));
  }
  if (marker == "> ") return "<blockquote><p>" + renderInline(items.join("\n")) + "</p></blockquote>";
  const tag = marker == "- " ? "ul" : "ol";
  let html = "<" + tag + ">";
  for (let i = 0; i < items.length; i++) html += "\n<li>" + renderInline(items[i]) + "</li>";
  return html + "\n</" + tag + ">";
}
