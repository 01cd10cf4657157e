/** Where a function answers plain HTTP. The path form works with every resolver, unlike `*.localhost`. */
export function toFunctionUrl(publicUrl: string, name: string): string {
  return `${publicUrl}/url/${encodeURIComponent(name)}/`;
}
