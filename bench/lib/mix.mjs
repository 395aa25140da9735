// What an ordinary minute asks for, mixed: mostly reads, some writes, now and then a sign-in. In percent.
export const MIX = { b: 30, c: 30, d: 20, g: 10, 'f:mail': 8, a: 2 };

/** The operation that a number from 0 to 1 stands for. */
export function pick(weights, at = Math.random()) {
  let left = at * Object.values(weights).reduce((all, one) => all + one, 0);
  for (const [name, weight] of Object.entries(weights)) if ((left -= weight) < 0) return name;
}

/** Virtual users of whom each has one of every pool, and the operation that asks any of MIX of a target. */
export function mixed({ ops, users }, connections) {
  const vus = Array.from({ length: connections }, (_, i) =>
    Object.fromEntries(Object.entries(users).map(([pool, all]) => [pool, { ...all[i % all.length] }])),
  );
  const op = (vu, i) => {
    const { pool, build } = ops[pick(MIX)],
      request = build(vu[pool], i);
    return { ...request, after: (_, body) => request.after?.(vu[pool], body) };
  };
  return { vus, op };
}
