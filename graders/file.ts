// Is a file on the workstation as it should be?
import { z } from 'zod';
import { defineGrader } from '../lib/grading/contract';
import { expectation, inWords, meets } from './compare';
import { brief } from './parameters';

const HOME = '/home/student/';

const parameters = z.strictObject({
  path: z.string().min(1).describe('Absolute, or below the home of the student.'),
  ...expectation,
  executable: z.boolean().optional(),
});

export const file = defineGrader<z.infer<typeof parameters>>({
  name: 'file',
  summary: 'A file on the workstation is there, with an expected text.',
  example: { path: 'network.yaml', contains: 'kind: NetworkPolicy' },
  parameters,
  expects({ path, executable, ...wanted }, not) {
    const told = Object.values(wanted).some((each) => each !== undefined) ? `: ${inWords(wanted)}` : '';
    return `the file ${path} is ${not ? 'not ' : ''}there${executable ? ' and executable' : ''}${told}`;
  },
  async look(lens, { path, executable, ...wanted }) {
    const found = await lens.file(path.startsWith('/') ? path : `${HOME}${path}`);
    if (!found || found.directory)
      return {
        holds: 0,
        observed: 'there is no such file',
        why: found ? `${path} is a directory` : `${path} is not there`,
      };
    const observed = `“${brief(found.text)}”`;
    if (executable && (found.mode & 0o111) === 0) return { holds: 0, observed, why: `${path} cannot be executed` };
    const asked = Object.values(wanted).some((each) => each !== undefined);
    return { holds: !asked || meets([found.text.trimEnd()], wanted) ? 1 : 0, observed, why: 'its text is another' };
  },
});
