import { clock, MINUTE } from './clock';

/** Says the same at most once a minute, however often it happens: what goes wrong for everyone must not fill the log. */
export class Sparing {
  private readonly said = new Map<string, { quietUntil: number; unsaid: number }>();

  /**
   * @param what names it: a few kinds, nothing that was sent
   * @param line is given how often it was not said since the last time
   */
  say(what: string, line: (unsaid: number) => void): void {
    const now = clock.now().getTime();
    const { quietUntil, unsaid } = this.said.get(what) ?? { quietUntil: 0, unsaid: 0 };
    const isQuiet = now < quietUntil;
    this.said.set(what, isQuiet ? { quietUntil, unsaid: unsaid + 1 } : { quietUntil: now + MINUTE, unsaid: 0 });
    if (!isQuiet) line(unsaid);
  }
}
