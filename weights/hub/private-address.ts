// eslint-disable-next-line no-restricted-imports -- a list to compare with: it touches nothing
import { BlockList, isIP } from 'node:net';

/** Networks of IPv4 that are not the internet's, by RFC 6890: this host, private, shared, link-local, tests, multicast. */
const IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** The same of IPv6, and the ways in which it wraps IPv4 up (local NAT64, Teredo, 6to4), which no storage is reached by. */
const IPV6: readonly (readonly [string, number])[] = [
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const PRIVATE = privateNetworks();

/** Whether an address leads into a network of somebody's own, where a public server has no business to send us. */
export function isPrivateAddress(address: string): boolean {
  const [bare = ''] = address.split('%'); // the zone of a link-local address
  const family = isIP(bare);
  return family === 0 || PRIVATE.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}

/** The list finds IPv4 in its mapped form (`::ffff:10.0.0.1`) by itself, but not behind NAT64 (`64:ff9b::10.0.0.1`). */
function privateNetworks(): BlockList {
  const list = new BlockList();
  for (const [network, bits] of IPV4) {
    list.addSubnet(network, bits, 'ipv4');
    list.addSubnet(`64:ff9b::${network}`, 96 + bits, 'ipv6');
  }
  for (const [network, bits] of IPV6) list.addSubnet(network, bits, 'ipv6');
  return list;
}
