// Who does nothing earns nothing.
import { missing, type Proof } from '../proof';
import { seedsOf } from '../seeds';

const SEED = 1;

export const start: Proof = {
  name: 'start',
  title: 'The untouched start scores nothing, also after `lab start`.',
  plan: ({ definition }) => ['started', ...seedsOf(definition, 1, true).map((seed) => `untouched ${seed}`)],
  async run(bench, key) {
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
