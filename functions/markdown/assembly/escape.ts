/** Text as HTML that shows it, in content and in quoted attributes. */
export function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** The address when a link may lead there, else "#". Control characters and spaces could hide a scheme and are not allowed. */
export function safeAddress(address: string): string {
  for (let i = 0; i < address.length; i++) {
    const unit = address.charCodeAt(i);
    if (unit <= 0x20 || unit == 0x7f || unit == 0x5c) return "#";
  }
  const colon = address.indexOf(":");
  if (colon < 0) return address;
  const slash = address.indexOf("/");
  if (slash >= 0 && slash < colon) return address;
  const scheme = address.substring(0, colon).toLowerCase();
  return scheme == "http" || scheme == "https" || scheme == "mailto" ? address : "#";
}
