import { BlockList, isIP } from 'node:net';
import { PatternError } from './pattern-error.ts';

/** Whether a text is an address of the range, such as `10.0.0.0/24` or `2001:db8::/32`, in the same family. */
export function toAddressTest(range: string): (text: string) => boolean {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(range) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) {
    throw new PatternError(`Malformed CIDR, expected an address and a number of bits: ${range}`);
  }
  const list = new BlockList();
  const name = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(address, Number(bits), name);
  return (text) => isIP(text) === family && list.check(text, name);
}
