// The flags of every `oc set` that changes objects of OpenShift's own kinds.
import { boolFlag, stringFlag, stringsFlag } from '../../flags/spec';

export const OBJECT_FLAGS = [
  boolFlag('local', 'Change what the file says.'),
  stringFlag('dry-run', 'none, server or client.', { value: 'none', bare: 'unchanged' }),
  stringFlag('output', 'Output format.', { short: 'o' }),
  stringFlag('selector', 'Only objects whose labels match.', { short: 'l' }),
  stringFlag('template', 'The template of -o go-template.'),
  stringsFlag('filename', 'Files that name the objects.', { short: 'f' }),
];
