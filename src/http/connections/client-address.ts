import { BlockList, isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

const LONGEST = 128; // characters that an address may take, with brackets, zone and port
const HOPS = 32; // proxies in a row at most
/** Stands for the address of a connection that is gone: the unspecified one. */
const NOWHERE = '0.0.0.0';

/** `[2001:db8::1]:443`, `203.0.113.7:443`, or an address alone; all of it perhaps in quotes, as in RFC 7239. */
const SPELLING = /^"?(?:\[([^\]]*)\](?::\d{1,5})?|(\d[\d.]*):\d{1,5}|([^"[\]]*))"?$/;

/** Tells whether an address is that of a proxy whose word is believed. */
export type Trusts = (address: string) => boolean;

/** @param networks addresses and CIDRs, as in TRUST_PROXY */
export function trusting(networks: readonly string[]): Trusts {
  if (networks.length === 0) return () => false;
  const list = new BlockList();
  for (const network of networks) {
    const cidr = network.includes('/') ? network : `${network}/${isIPv4(network) ? 32 : 128}`;
    const [address, bits] = ipaddr.parseCIDR(cidr);
    list.addSubnet(address.toString(), bits, address.kind());
  }
  return (address) => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/**
 * One address in its shortest spelling (RFC 5952), out of what a socket or a proxy says: without port, brackets and zone, and as IPv4
 * where it is one in IPv6's clothes. Undefined for anything else.
 */
export function readAddress(text: string): string | undefined {
  if (isIPv4(text)) return text; // most are
  if (text.length > LONGEST) return undefined;
  const [, bracketed, withPort, alone] = SPELLING.exec(text.trim()) ?? [];
  const address = (bracketed ?? withPort ?? alone ?? '').trim();
  if (isIPv4(address)) return bracketed === undefined ? address : undefined;
  return isIPv6(address) ? ipaddr.process(address.split('%')[0]!).toString() : undefined;
}

/**
 * The address that a request comes from: the socket's or, while that is a trusted proxy's, what the proxy before it said, read from the
 * right. What is no address ends the reading: the last proxy that was trusted is all that is known.
 * @param forwarded the header X-Forwarded-For; whatever it holds, the answer is an address
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwarded: string | undefined,
  trusts: Trusts,
): string {
  let client = readAddress(socketAddress ?? '') ?? NOWHERE;
  if (!forwarded || !trusts(client)) return client;
  const said = forwarded.split(',').slice(-HOPS);
  while (said.length > 0 && trusts(client)) {
    const before = readAddress(said.pop()!);
    if (before === undefined) break;
    client = before;
  }
  return client;
}
