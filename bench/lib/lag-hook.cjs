// Preload: SIGWINCH starts to watch the event loop, the next SIGWINCH writes to $LAG_OUT how late a timer of it ran, in milliseconds:
// in all, and without the time for which the thread could have run and no core was free (Linux knows that).
if (process.env.LAG_OUT) {
  const { createHistogram, performance } = require('node:perf_hooks'),
    fs = require('node:fs');
  const EVERY = 1;
  const all = createHistogram(),
    own = createHistogram();
  const stat = fs.openSync(`/proc/self/task/${process.pid}/schedstat`),
    text = Buffer.alloc(64);
  const waited = () => Number(text.latin1Slice(0, fs.readSync(stat, text, 0, 64, 0)).split(' ')[1]) / 1e6;
  let timer;
  const watch = (from, before) => {
    timer = setTimeout(() => {
      const now = performance.now(),
        after = waited(),
        late = now - from - EVERY;
      all.record(nanoseconds(late));
      own.record(nanoseconds(late - (after - before)));
      watch(now, after);
    }, EVERY);
  };
  const nanoseconds = (ms) => Math.max(1, Math.round(ms * 1e6));
  const seen = (histogram) => {
    const [p50, p99, p999] = [50, 99, 99.9].map((p) => histogram.percentile(p) / 1e6);
    return { p50, p99, p999, max: histogram.max / 1e6 };
  };
  process.on('SIGWINCH', () => {
    if (!timer) {
      all.reset();
      own.reset();
      return watch(performance.now(), waited());
    }
    clearTimeout(timer);
    timer = undefined;
    fs.writeFileSync(
      `${process.env.LAG_OUT}.new`,
      JSON.stringify({ turns: all.count, all: seen(all), own: seen(own) }),
    );
    fs.renameSync(`${process.env.LAG_OUT}.new`, process.env.LAG_OUT);
  });
}
