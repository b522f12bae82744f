// The documentation of the network plug-ins, for the command that writes it.
export { cniPage } from '../network/cni/page';
