// What the rest of the product takes from this room.

export { completers } from './completion';
export { kubectl, oc } from './program';
