const MOST = 1024 * 1024; // bytes: far more than any answer that we ask for has

/**
 * `fetch`, for servers that are not ours: once it is there, the answer is there whole. @param within milliseconds, to its last byte
 * @throws Error when it takes longer, breaks off, or is larger than 1 MiB unpacked
 */
export async function ask(url: string, { within, ...request }: RequestInit & { within: number }): Promise<Response> {
  const signals = [AbortSignal.timeout(within), ...(request.signal ? [request.signal] : [])];
  const answer = await fetch(url, { ...request, signal: AbortSignal.any(signals) });
  const body = await bodyOf(answer);
  return new Response(body.length > 0 ? body : null, answer); // which a 204 must not have
}

async function bodyOf(answer: Response): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST) throw new Error('The answer is larger than 1 MiB.'); // which lets go of the rest
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
