// The harness' table of results: one line an assertion, `function, PASS or FAIL, file:line, text`.
import { readFileSync } from 'node:fs';

/** `run_pod_tests core.sh:499`, with ` #2` when the line holds for the second time. */
export type Assertion = string;

export interface Results {
  passed: Set<Assertion>;
  failed: Map<Assertion, string>;
  /** How each function ended, as the harness tells it: `GREEN`, `complete`, `aborted(rc=1)`. 124 is timeout's status. */
  states: Map<string, string>;
}

export function readResults(file: string): Results {
  const results: Results = { passed: new Set(), failed: new Map(), states: new Map() };
  const times = new Map<string, number>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [name = '', verdict, at, text = ''] = line.split('\t');
    if (verdict !== 'PASS' && verdict !== 'FAIL') continue;
    const time = (times.get(`${name} ${at}`) ?? 0) + 1;
    times.set(`${name} ${at}`, time);
    const assertion = `${name} ${at}${time > 1 ? ` #${time}` : ''}`;
    if (verdict === 'PASS') results.passed.add(assertion);
    else results.failed.set(assertion, text);
  }
  return results;
}
