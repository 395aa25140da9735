// Preload: SIGWINCH starts a CPU profile, the next SIGWINCH writes it to $PROF_OUT.
if (process.env.PROF_OUT) {
  const { Session } = require('node:inspector'),
    fs = require('node:fs');
  const s = new Session();
  s.connect();
  s.post('Profiler.enable');
  s.post('Profiler.setSamplingInterval', { interval: 500 });
  let on = false;
  process.on('SIGWINCH', () => {
    if (!on) s.post('Profiler.start');
    else s.post('Profiler.stop', (e, r) => fs.writeFileSync(process.env.PROF_OUT, JSON.stringify(r.profile)));
    on = !on;
  });
}
