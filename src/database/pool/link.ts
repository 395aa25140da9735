import type { Connection } from 'mysql2';

type Done = (error: Error | null, ...rest: unknown[]) => void;
type Statement = (...given: unknown[]) => unknown;

/** A connection as it is lent: whoever has it gives it back, once. */
export type Lent = Connection & {
  release(): void;
  /** From now on its statements take as long as they need: a migration's. It is closed when it is given back. */
  unbind(): Promise<void>;
};

/** A connection, which hears of each error on it, and knows how long it has been waiting for an answer. */
export class Link {
  /** Statements without an answer yet. */
  private asked = 0;
  private silence = 0;
  isBound = true;

  constructor(
    readonly connection: Lent,
    hear: (error: unknown) => void,
  ) {
    const statements = connection as unknown as Record<'query' | 'execute', Statement>;
    for (const kind of ['query', 'execute'] as const) {
      const run = statements[kind].bind(connection);
      statements[kind] = (...given) => {
        const done = given.pop() as Done; // nobody asks without one
        return run(...given, this.listening(done, hear));
      };
    }
  }

  /** Whoever asked hears of a server that has said nothing for longer than `bound`, `passed` milliseconds after the last look. */
  look(passed: number, bound: number): void {
    if (this.asked === 0 || !this.isBound || (this.silence += passed) <= bound) return;
    const error = Object.assign(new Error(`The database gave no answer within ${bound} ms.`), { code: 'ETIMEDOUT' });
    (this.connection as unknown as { stream: { destroy(error: Error): void } }).stream.destroy(error);
  }

  private listening(done: Done, hear: (error: unknown) => void): Done {
    let isAnswered = false; // of a statement that was being prepared mysql2 tells twice that its connection is lost
    this.asked++;
    this.silence = 0;
    return (error, ...rest) => {
      if (isAnswered) return;
      isAnswered = true;
      this.asked--;
      this.silence = 0;
      if (error) hear(error);
      done(error, ...rest);
    };
  }
}
