import { expect, it } from 'vitest';
import { isPublicAddress } from '../../runtime/capabilities/fetch/addresses.ts';

const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.1.1',
  '198.17.0.1',
];
const PUBLIC_IPV6 = ['2606:4700:4700::1111', '2a00:1450:4001:80e::200e', '2400::1'];
const PRIVATE = [
  ...[
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
  ],
  ...[
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
  ],
  ...['198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
];
const PRIVATE_IPV6 = [
  ...[
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '::8.8.8.8',
  ],
  ...['::ffff:0:127.0.0.1', '64:ff9b::127.0.0.1', '64:ff9b::8.8.8.8', '64:ff9b:1::1', '100::1', '5f00::1', '4000::1'],
  ...[
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:20::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:808:808::',
  ],
  ...['3fff::1', 'fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', 'ff0e::1'],
  ...['2606:4700::5efe:10.0.0.1', '2606:4700::200:5efe:a00:1', '2606:4700:0:0:0:5efe:7f00:1'],
];
const NONE = [
  '',
  'localhost',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '1.1.1.1.',
  '1.1.1.1%eth0',
  '1.1.1.1]/[',
  '[::1]',
];

it.each([...PUBLIC, ...PUBLIC_IPV6])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

it.each([...PRIVATE, ...PRIVATE_IPV6])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each(PRIVATE)('%s is not public in an IPv6 address either', (address) => {
  for (const prefix of ['::ffff:', '::', '64:ff9b::', '::ffff:0:']) {
    expect(isPublicAddress(`${prefix}${address}`)).toBe(false);
  }
});

it.each(NONE)('"%s", which is no address, is not public', (text) => {
  expect(isPublicAddress(text)).toBe(false);
});
