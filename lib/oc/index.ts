// What the rest of the product takes from this room.

import { withCompletion } from './complete-command';
import { kubectl as kubectlProgram, oc as ocProgram } from './program';

export { completers } from './completion';
export const oc = withCompletion('oc', ocProgram);
export const kubectl = withCompletion('kubectl', kubectlProgram);
