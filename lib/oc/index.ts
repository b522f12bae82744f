// What the rest of the product takes from this room.
export { kubectl, oc } from './program';
