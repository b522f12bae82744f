// OpenShift's operators, one line each.
import type { CniPlugin } from '../../network/cni/contract';
import type { Controller, ControllerContext } from '../controllers/controller';
import { dnsOperator } from './dns';
import { networkOperator } from './network';

export const operators = (context: ControllerContext, dnsAddress: string, plugin: CniPlugin): Controller[] => [
  networkOperator(context, plugin),
  dnsOperator(context, dnsAddress),
];
