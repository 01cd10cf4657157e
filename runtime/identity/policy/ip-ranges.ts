import { BlockList, isIP } from 'node:net';

/** True when the address lies in the range, `10.0.0.0/8` or `2001:db8::/32` or a single address. */
export function isInRange(address: string, range: string): boolean {
  const [base = '', bits, ...more] = range.split('/');
  const kind = isIP(base);
  if (kind === 0 || isIP(address) !== kind || more.length > 0) return false;
  const family = kind === 4 ? 'ipv4' : 'ipv6';
  const longest = kind === 4 ? 32 : 128;
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return false;
  const length = bits === undefined ? longest : Number(bits);
  if (length > longest) return false;
  const list = new BlockList();
  list.addSubnet(base, length, family);
  return list.check(address, family);
}
