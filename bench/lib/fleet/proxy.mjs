// node proxy.mjs <port> <port of an instance>…: hands each request to the next instance, over connections that stay open.
// As nginx does: who refuses is passed over and left alone for a while; who falls silent is answered for with 502, and never asked twice.
// It knows as much of HTTP as the bench speaks: one request at a time on a connection, bodies with a Content-Length.
import net from 'node:net';

const [listensOn, ...instances] = process.argv.slice(2).map(Number);
const LEFT_ALONE = 200; // milliseconds

/** How long the message is that a buffer begins with; NaN while that cannot be told. */
function lengthOf(buffer) {
  const head = buffer.indexOf('\r\n\r\n');
  if (head < 0) return NaN;
  const length = /\r\ncontent-length: *(\d+)/i.exec(buffer.latin1Slice(0, head + 2));
  return head + 4 + Number(length?.[1] ?? 0);
}
/** Calls back with each whole message that a socket brings. */
function onMessage(socket, take) {
  let held;
  socket.on('data', (chunk) => {
    held = held ? Buffer.concat([held, chunk]) : chunk;
    if (!(held.length >= lengthOf(held))) return;
    const message = held;
    held = undefined;
    take(message);
  });
}

class Instance {
  idle = [];
  backAt = 0;
  constructor(port) {
    this.port = port;
  }
  /** done(answer), or done(undefined, mayHaveBegun) when none comes. */
  ask(request, done) {
    const line = this.idle.pop() ?? this.#open();
    line.done = done;
    line.write(request);
  }
  #open() {
    const line = net.connect(this.port, '127.0.0.1').setNoDelay(true);
    const settle = (...outcome) => {
      const { done } = line;
      line.done = undefined;
      done?.(...outcome);
    };
    onMessage(line, (answer) => {
      this.idle.push(line);
      settle(answer);
    });
    line.on('error', ({ code }) => {
      if (code === 'ECONNREFUSED') this.backAt = performance.now() + LEFT_ALONE;
      settle(undefined, code !== 'ECONNREFUSED');
    });
    line.on('close', () => {
      this.idle = this.idle.filter((one) => one !== line);
      settle(undefined, true);
    });
    return line;
  }
}

const upstreams = instances.map((one) => new Instance(one));
let turn = 0;
function next(tried) {
  const now = performance.now();
  for (let i = 0; i < upstreams.length; i++) {
    const one = upstreams[turn++ % upstreams.length];
    if (one.backAt <= now && !tried.includes(one)) return one;
  }
}
function forward(client, request, tried = []) {
  const instance = next(tried);
  if (!instance) return client.write(badGateway('none'));
  instance.ask(request, (answer, mayHaveBegun) => {
    if (answer || mayHaveBegun) client.write(answer ?? badGateway(instance.port));
    else forward(client, request, [...tried, instance]);
  });
}
const badGateway = (instance) => `HTTP/1.1 502 Bad Gateway\r\nx-instance: ${instance}\r\ncontent-length: 0\r\n\r\n`;

net
  .createServer((client) => {
    client.setNoDelay(true).on('error', () => {});
    onMessage(client, (request) => forward(client, request));
  })
  .listen(listensOn, '127.0.0.1');
