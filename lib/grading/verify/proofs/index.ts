// Every proof of a lab: one file, one line here, in the order in which they are shown.
import type { Proof } from '../proof';
import { hints } from './hints';
import { instructions } from './instructions';
import { mistakes } from './mistakes';
import { omissions } from './omissions';
import { otherSeed } from './other-seed';
import { solution } from './solution';
import { start } from './start';
import { variables } from './variables';
import { ways } from './ways';

export const proofs: readonly Proof[] = [
  start,
  solution,
  ways,
  mistakes,
  omissions,
  otherSeed,
  variables,
  hints,
  instructions,
];
