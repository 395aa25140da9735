// Preload: SIGWINCH starts to watch the event loop, the next SIGWINCH writes to $LAG_OUT how late it ran, in milliseconds.
if (process.env.LAG_OUT) {
  const { monitorEventLoopDelay } = require('node:perf_hooks'),
    fs = require('node:fs');
  const EVERY = 1; // a timer of the loop: what is recorded is the time between two runs, this included
  const histogram = monitorEventLoopDelay({ resolution: EVERY });
  let on = false;
  process.on('SIGWINCH', () => {
    on = !on;
    if (on) {
      histogram.reset();
      return histogram.enable();
    }
    histogram.disable();
    const late = (ns) => Math.max(0, ns / 1e6 - EVERY),
      at = (p) => late(histogram.percentile(p));
    const seen = { turns: histogram.count, p50: at(50), p99: at(99), p999: at(99.9), max: late(histogram.max) };
    fs.writeFileSync(`${process.env.LAG_OUT}.new`, JSON.stringify(seen));
    fs.renameSync(`${process.env.LAG_OUT}.new`, process.env.LAG_OUT);
  });
}
