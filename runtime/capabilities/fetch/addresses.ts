import { BlockList, isIPv4 } from 'node:net';

/** What is not the public Internet, by IANA's registries of special-purpose addresses. */
const SPECIAL_IPV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
];
/** Of IPv6 only this is global unicast: mapped, compatible and translated IPv4, local, and multicast ones lie outside. */
const GLOBAL_IPV6 = ['2000::/3'];
/** Protocol assignments with Teredo, documentation, 6to4. */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
/** ISATAP: an interface identifier that holds an IPv4 address, in any network. */
const ISATAP = /(?:^|:)(?::|0:|200:)5efe:[0-9a-f]+:[0-9a-f]+$/;

const specialIpv4 = toList(SPECIAL_IPV4, 'ipv4');
const globalIpv6 = toList(GLOBAL_IPV6, 'ipv6');
const specialIpv6 = toList(SPECIAL_IPV6, 'ipv6');

/** True for an address of the public Internet; false for all others, and for what is no address. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !specialIpv4.check(address, 'ipv4');
  const canonical = canonicalIpv6(address);
  if (canonical === undefined || ISATAP.test(canonical)) return false;
  return globalIpv6.check(canonical, 'ipv6') && !specialIpv6.check(canonical, 'ipv6');
}

/** As in URLs: hexadecimal, compressed; undefined for addresses of one link only, and for what is none. */
function canonicalIpv6(address: string): string | undefined {
  const url = `http://[${address}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}

function toList(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}
