import { connect } from 'node:net';
import { next } from './socket';

export type RawAnswer = { status: number; headers: string[]; text: string };

/** Sends a request over a socket as it is, since every client library would mend or refuse a path like those that are sent here. */
export async function raw(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<RawAnswer> {
  const lines = Object.entries({
    Host: 'localhost',
    Connection: 'close',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  });
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => socket.destroy()); // the server hangs up on what it cannot read, after its answer
  socket.write(
    `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`,
    'latin1',
  );
  await next(socket, 'close');

  const [head = '', ...rest] = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n');
  const [first = '', ...named] = head.split('\r\n');
  return { status: Number(first.split(' ')[1]), headers: named, text: rest.join('\r\n\r\n') };
}
