import type { Answer } from './answer';

/** What is wrong with the answer to something odd at `place`: it breaks us, does not say where the fault is, or has a header of the sender's. */
export function faultOf(said: string, { status, text, body, headers }: Answer, place: string): string | undefined {
  if (status >= 500) return `${said} was answered ${status} ${text}`;
  if ('x-injected' in headers) return `${said} made a header`;
  const pointers: string[] =
    status === 422 ? (body.errors ?? []).map(({ pointer }: { pointer: string }) => pointer) : [];
  if (status === 422 && !pointers.some((pointer) => `${pointer}/`.startsWith(`#/${place}/`)))
    return `${said} was answered by ${text}`;
  return undefined;
}
