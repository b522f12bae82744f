// tee.
import type { OpenFile } from '../machine/descriptor';
import { BrokenPipe } from '../machine/descriptor';
import type { Program } from '../machine/process';
import { getopt } from './getopt';
import { attempt, refused } from './tool';

export const tee: Program = async (proc) => {
  const options = getopt(proc.argv, 'aip', { append: 'a', 'ignore-interrupts': 'i' });
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  if (options.has('i')) proc.ignore('SIGINT');
  const files: OpenFile[] = [];
  let status = 0;
  for (const path of options.rest) {
    const flags = options.has('a') ? { append: true, create: true } : { write: true, create: true, truncate: true };
    status =
      (await attempt(
        proc,
        () => void files.push(proc.files.open(path, flags)),
        (why) => `${path}: ${why}`,
      )) || status;
  }
  for (let chunk = await proc.read(); chunk; chunk = await proc.read()) {
    for (const file of files) await file.description.write(chunk, proc.killed);
    try {
      await proc.print(chunk);
    } catch (error) {
      if (error instanceof BrokenPipe) break;
      throw error;
    }
  }
  for (const file of files) file.release();
  return status;
};
