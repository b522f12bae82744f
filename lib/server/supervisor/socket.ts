// One GET to a sandbox's own socket.
import { request } from 'node:http';
import { ASK_MS } from './limits';

/** The body. @throws unless the status is 200 */
export function getFromSocket(socketPath: string, path: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, agent: false, timeout: ASK_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks));
        else reject(new Error(`${path}: status ${response.statusCode}`));
      });
    });
    asked.on('timeout', () => asked.destroy(new Error(`${path}: no answer`)));
    asked.on('error', reject).end();
  });
}
