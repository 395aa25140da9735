import { clock } from '../../src/kit/clock';

/** Stops the clock, until a house closes: from now on time passes only as far as it is advanced, however slow the machine. */
export function stopTheClock(): void {
  const now = clock.now();
  clock.now = () => now;
}
