// Minimal keep-alive HTTP/1.1 client: one outstanding request per connection, no pipelining.
// Cheaper per request than a general client, so the generator takes less of a small machine.
import net from 'node:net';

export class Conn {
  constructor(port, host = '127.0.0.1') {
    this.port = port;
    this.host = host;
    this.sock = null;
    this.done = null;
    this.buf = null;
  }

  #open() {
    const s = net.connect(this.port, this.host);
    s.setNoDelay(true);
    s.on('data', (d) => this.#data(d));
    s.on('error', (e) => this.#end(e));
    s.on('close', () => {
      if (this.sock === s) this.sock = null;
      if (this.done) this.#untilClose();
    });
    this.sock = s;
  }
  /** req: {method, path, headers?, body?}; done(err, status, bodyBuffer, headText) */
  send(req, done) {
    if (!this.sock || this.sock.destroyed) this.#open();
    this.done = done;
    this.buf = null;
    this.head = null;
    let s = `${req.method} ${req.path} HTTP/1.1\r\nhost: ${this.host}:${this.port}\r\n`;
    if (req.headers) for (const k in req.headers) s += `${k}: ${req.headers[k]}\r\n`;
    if (req.body !== undefined)
      s += `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(req.body)}\r\n\r\n${req.body}`;
    else s += '\r\n';
    this.sock.write(s);
  }
  #end(err, body) {
    const d = this.done;
    if (!d) return;
    this.done = null;
    if (err) {
      this.sock?.destroy();
      this.sock = null;
      return d(err, 0, null, '');
    }
    const head = this.head;
    if (this.closing) {
      this.sock?.destroy();
      this.sock = null;
    }
    d(null, this.status, body, head);
  }
  #untilClose() {
    // body delimited by close, or a dropped connection
    if (this.head && this.length === -1) {
      this.closing = true;
      this.#end(null, this.buf);
    } else this.#end(new Error('connection closed'));
  }
  #data(d) {
    this.buf = this.buf ? Buffer.concat([this.buf, d]) : d;
    if (!this.head) {
      const i = this.buf.indexOf('\r\n\r\n');
      if (i < 0) return;
      this.head = this.buf.latin1Slice(0, i);
      this.status = +this.head.slice(9, 12);
      this.buf = this.buf.subarray(i + 4);
      const h = this.head.toLowerCase(),
        m = /\r\ncontent-length: *(\d+)/.exec(h);
      this.chunked = !m && /\r\ntransfer-encoding: *chunked/.test(h);
      this.length = m ? +m[1] : this.chunked ? -2 : this.status === 204 || this.status === 304 ? 0 : -1;
      this.closing = /\r\nconnection: *close/.test(h);
    }
    if (this.length >= 0) {
      if (this.buf.length >= this.length) this.#end(null, this.buf);
    } else if (this.chunked && this.buf.length >= 5 && this.buf.latin1Slice(this.buf.length - 5) === '0\r\n\r\n') {
      const out = [];
      let p = 0;
      for (;;) {
        const e = this.buf.indexOf('\r\n', p);
        if (e < 0) return;
        const n = parseInt(this.buf.latin1Slice(p, e), 16);
        if (n === 0) break;
        if (this.buf.length < e + 2 + n + 2) return;
        out.push(this.buf.subarray(e + 2, e + 2 + n));
        p = e + 4 + n;
      }
      this.#end(null, Buffer.concat(out));
    }
  }
  close() {
    this.done = null;
    this.sock?.destroy();
    this.sock = null;
  }
}

/** One request on a throw-away connection; resolves {status, text, json, head, cookies}. */
export function fetchOnce(port, req, timeoutMs = 15000) {
  const c = new Conn(port);
  return new Promise((ok, bad) => {
    const t = setTimeout(() => {
      c.close();
      bad(new Error(`timeout ${req.method} ${req.path}`));
    }, timeoutMs);
    c.send(req, (e, status, body, head) => {
      clearTimeout(t);
      c.close();
      if (e) return bad(e);
      const text = body?.toString() ?? '';
      let json;
      try {
        json = JSON.parse(text);
      } catch {
        /* not JSON */
      }
      const cookies = [...head.matchAll(/\r\nset-cookie: *([^;\r]+)/gi)]
        .map((m) => m[1])
        .filter((one) => !one.endsWith('='))
        .join('; ');
      ok({ status, text, json, head, cookies });
    });
  });
}
