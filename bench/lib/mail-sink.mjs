// A mail server that takes every mail and drops it; or, while `silent`, one that never greets, so that mail waits in the outbox.
import net from 'node:net';
import { PORTS } from './mariadb.mjs';

export const mailSink = { port: PORTS + 25, silent: true, accepted: 0, onMail: undefined, listen };
const REPLIES = { EHLO: '250-sink\r\n250 PIPELINING', HELO: '250 sink', DATA: '354 go on', QUIT: '221 bye' };

function listen() {
  net.createServer(greet).listen(mailSink.port, '127.0.0.1').unref();
}

function greet(socket) {
  socket.on('error', () => {});
  if (mailSink.silent) return;
  let inData = false,
    rest = '',
    mail = {};
  socket.write('220 sink\r\n');
  socket.on('data', (chunk) => {
    const lines = (rest + chunk).split('\r\n');
    rest = lines.pop();
    for (const line of lines) {
      if (inData && line !== '.') {
        mail.id ??= /^message-id: *(.+)/i.exec(line)?.[1];
        continue;
      }
      if (inData) {
        mailSink.accepted++;
        mailSink.onMail?.(mail);
        mail = {};
      }
      mail.to ??= /^rcpt to:<(.+?)>/i.exec(line)?.[1];
      const verb = line.slice(0, 4).toUpperCase();
      socket.write(`${inData ? '250 taken' : (REPLIES[verb] ?? '250 fine')}\r\n`);
      inData = !inData && verb === 'DATA';
    }
  });
}
