import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The network that an address belongs to, as one customer would hold it: /24 for IPv4, /64 for IPv6. Anything else stays as it is. */
export function addressBlock(ip: string): string {
  if (isIPv4(ip)) return `ipv4:${ip.slice(0, ip.lastIndexOf('.'))}`; // most are, and this is asked at each request
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip); // ::ffff:203.0.113.7 is 203.0.113.7
  const kept = address.kind() === 'ipv4' ? 3 : 8;
  return `${address.kind()}:${address.toByteArray().slice(0, kept).join('.')}`;
}
