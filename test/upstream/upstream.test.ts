// Kubernetes' own client tests against our bare control plane: what a real kube-apiserver passes holds here, too.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Results, readResults } from './assertions';
import { knownDifferences } from './known-differences';
import { functions, HARNESS } from './prepare';
import { runUpstream, upstreamKubectl } from './run';

const LIMIT_MS = 20 * 60_000; // two minutes on a quiet machine of two cores
const LEAST_SHARE = 0.98; // of the baseline, with a client of its time

describe.skipIf(!existsSync(HARNESS))("Kubernetes' own client tests", () => {
  let results: Results;
  let baseline: Results['passed'];

  beforeAll(async () => {
    baseline = readResults(join(HARNESS, 'baseline.tsv')).passed;
    results = await runUpstream(functions());
  }, LIMIT_MS);

  test('whatever a real control plane passes holds, or is listed with its reason', () => {
    const missing = [...baseline].filter((one) => !results.passed.has(one)).sort();
    const known = Object.keys(knownDifferences(clientMinor())).sort();
    const told = missing.filter((one) => !known.includes(one));
    expect(told.map((one) => `${one}: ${results.failed.get(one) ?? 'not reached'}`)).toEqual([]);
    expect(known.filter((one) => !missing.includes(one))).toEqual([]);
  });

  test('the share is at least 98 of a hundred', () => {
    const held = [...baseline].filter((one) => results.passed.has(one)).length;
    console.log(`upstream: ${held} of ${baseline.size} assertions (${((100 * held) / baseline.size).toFixed(1)} %)`);
    if (clientMinor() < 33) expect(held / baseline.size).toBeGreaterThanOrEqual(LEAST_SHARE);
  });

  test('no function hangs', () => {
    const stopped = [...results.states].filter(([, state]) => /rc=(124|137)|did not run/.test(state));
    expect(stopped).toEqual([]);
    expect(results.states.size).toBe(functions().length);
  });
});

/** The minor version of the client that speaks to our server: a dispatcher chooses one by the server's. */
function clientMinor(): number {
  const text = execFileSync(upstreamKubectl(), ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
  return Number((JSON.parse(text) as { clientVersion: { minor: string } }).clientVersion.minor.replace(/\D/g, ''));
}
