// netexec's /upload: keeps the file of a form in /uploads.
import { Errno } from '../../machine/errno';
import type { Process } from '../../machine/process';
import { plain } from '../http/go-server';
import { header, type Request, type Response } from '../http/message';

const FOLDER = '/uploads';
const NAME_LIMIT = 2 ** 31;

export async function upload(proc: Process, request: Request): Promise<Response> {
  const type = header(request, 'content-type') ?? '';
  const body = new Uint8Array(request.body);
  const form = await new globalThis.Response(body, { headers: { 'content-type': type } })
    .formData()
    .catch(() => undefined);
  const file = form?.get('file');
  if (!file || typeof file === 'string') return plain(JSON.stringify({ error: 'Unable to upload file.' }));
  const name = `${FOLDER}/upload${proc.machine.random.int(NAME_LIMIT)}`;
  try {
    proc.files.write(name, new Uint8Array(await file.arrayBuffer()), 0o700);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return plain(JSON.stringify({ error: 'Unable to open file for write' }));
  }
  return plain(JSON.stringify({ output: name }), 201);
}
