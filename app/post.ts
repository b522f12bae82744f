// Asks a route of ours to do something.

/** A refusal, with the sentence for the user. */
export interface Refusal {
  message: string;
}

export async function post<T>(path: string, body: unknown = {}): Promise<T | Refusal> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as T | Refusal;
  } catch {
    return { message: 'The server cannot be reached. Try again in a moment.' };
  }
}
