// Who does nothing earns nothing; and what begins a lab and ends it runs.
import type { Bench } from '../bench';
import { type Flaw, missing, type Proof, printed } from '../proof';
import { seedsOf } from '../seeds';

const SEED = 1;
const FINISHED = 'podlab-finished';

export const start: Proof = {
  name: 'start',
  title: 'The untouched start scores nothing, also after `lab start`; `lab finish` ends.',
  plan: ({ definition }) => [
    'started',
    ...seedsOf(definition, 1, true).map((seed) => `untouched ${seed}`),
    ...(definition.finish ? [definition.finish] : []),
  ],
  async run(bench, key) {
    if (key === bench.lab.definition.finish) return finish(bench, key);
    const { report } = await bench.attempt(
      Number(key.split(' ')[1] ?? SEED),
      key === 'started' ? `lab start ${bench.lab.id}` : '',
    );
    const ungraded = report.checks.filter(({ status }) => status === 'not-graded');
    return [
      ...(report.score > 0 ? [{ file: 'lab.yaml', message: `the ${key} lab scores ${missing(report)}` }] : []),
      ...ungraded.map(({ id, observed }) => ({
        file: 'lab.yaml',
        message: `check ${id} could not be graded: ${observed}`,
      })),
    ];
  },
};

async function finish(bench: Bench, file: string): Promise<Flaw[]> {
  const { output } = await bench.attempt(SEED, `lab finish ${bench.lab.id} && echo ${FINISHED}`);
  return output.includes(FINISHED) ? [] : [{ file, message: `\`lab finish\` fails${printed(output)}` }];
}
