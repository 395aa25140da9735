const queues = new WeakMap<object, Promise<unknown>>();

/**
 * Lets one piece of work run at a time: of all tabs that share an origin, where the browser has Web Locks; else of all clients here
 * that share a storage. Two that share more than we can see, such as two servers, rely on the API: see PATIENCE in session.ts.
 */
export function oneAtATime<T>(storage: object, work: () => Promise<T>): Promise<T> {
  if (typeof location !== 'undefined' && navigator.locks)
    return navigator.locks.request('tenantry', work) as Promise<T>;

  const turn = (queues.get(storage) ?? Promise.resolve()).then(work, work);
  queues.set(storage, turn);
  return turn;
}
