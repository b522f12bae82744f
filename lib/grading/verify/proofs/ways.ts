// Other right ways earn everything, too: what is graded is what came about, not how.
import { missing, type Proof, printed } from '../proof';

const SEED = 2;

export const ways: Proof = {
  name: 'ways',
  title: 'Every script in ways/ scores full marks.',
  plan: ({ source }) => Object.keys(source.files).filter((file) => /^ways\/[^/]+\.sh$/.test(file)),
  async run(bench, file) {
    const { report, output } = await bench.attempt(SEED, bench.lab.source.files[file] ?? '');
    if (report.score === report.max) return [];
    return [{ file, message: `it scores ${missing(report)}${printed(output)}` }];
  },
};
