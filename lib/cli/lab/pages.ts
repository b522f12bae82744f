// lab schema and lab docs: what is made from the definition of the format.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { coveragePage } from '../../labs/coverage';
import { labJsonSchema } from '../../labs/json-schema';
import { loadLabs } from '../../labs/load';
import { labReference } from '../../labs/reference';
import { cniPage } from '../../sandbox/cni-page';
import { LABS } from '../world';

/** The generated files, by their path below the repository. */
export const generated = async (): Promise<Record<string, string>> => ({
  'docs/cni.md': cniPage(),
  'docs/lab-reference.md': labReference(),
  'docs/lesson-coverage.md': coveragePage((await loadLabs(LABS)).labs.values()),
  'labs/lab.schema.json': `${JSON.stringify(labJsonSchema(), null, 2)}\n`,
});

export async function printSchema(): Promise<number> {
  console.log(JSON.stringify(labJsonSchema(), null, 2));
  return 0;
}

export async function writeDocs(): Promise<number> {
  for (const [file, text] of Object.entries(await generated())) {
    await writeFile(join(LABS, '..', file), text);
    console.log(`wrote ${file}`);
  }
  return 0;
}
