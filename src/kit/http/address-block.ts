import ipaddr from 'ipaddr.js';

/** The network that an address belongs to, as one customer would hold it: /24 for IPv4, /64 for IPv6. Anything else stays as it is. */
export function addressBlock(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip); // ::ffff:203.0.113.7 is 203.0.113.7
  const kept = address.kind() === 'ipv4' ? 3 : 8;
  return `${address.kind()}:${address.toByteArray().slice(0, kept).join('.')}`;
}
