// OpenShift's operators, one line each.
import type { Controller, ControllerContext } from '../controllers/controller';
import { dnsOperator } from './dns';
import { networkOperator } from './network';

export const operators = (context: ControllerContext, dnsAddress: string): Controller[] => [
  networkOperator(context),
  dnsOperator(context, dnsAddress),
];
