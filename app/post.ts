// Asks a route of ours to do something.

/** A refusal, with the sentence for the user. */
export interface Refusal {
  message: string;
}

/** Sends JSON, or bytes as they are. */
export async function post<T>(path: string, body: unknown = {}): Promise<T | Refusal> {
  const isBytes = body instanceof ArrayBuffer;
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' },
      body: isBytes ? body : JSON.stringify(body),
    });
    const isJson = response.headers.get('content-type')?.includes('json');
    if (response.status === 413 && !isJson) return { message: 'That is larger than the server takes.' };
    return (await response.json()) as T | Refusal;
  } catch {
    return { message: 'The server cannot be reached. Try again in a moment.' };
  }
}
