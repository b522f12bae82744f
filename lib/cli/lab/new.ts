// lab new: makes a lab folder that passes its own tests.
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isLabId } from '../../labs/load';
import { template } from '../../labs/template';
import { UsageError } from '../arguments';

export async function newLab(id: string, root: string): Promise<number> {
  if (!isLabId(id)) throw new UsageError(`a lab is named with lower-case letters, digits and dashes, not ${id}`);
  const folder = join(root, id);
  const exists = await access(folder).then(
    () => true,
    () => false,
  );
  if (exists) throw new UsageError(`there is already a lab ${id}`);
  for (const [file, text] of Object.entries(template(id))) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  console.log(`made ${folder}; prove it with: npm run lab -- check ${id}`);
  return 0;
}
