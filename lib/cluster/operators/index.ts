// OpenShift's operators, one line each.
import type { Network } from '../../network/network';
import type { Controller, ControllerContext } from '../controllers/controller';
import { ingressToRoute } from '../controllers/ingress-to-route';
import { dnsOperator } from './dns';
import { routeAdmission } from './ingress/admission';
import { ingressOperator } from './ingress/ingress';
import { networkOperator } from './network';
import { serviceCa } from './service-ca';

export interface Operated {
  /** Where the cluster's DNS answers. */
  dnsAddress: string;
  /** `apps.ocp4.example.com`. */
  appsDomain: string;
  network: Network;
}

export const operators = (context: ControllerContext, { dnsAddress, appsDomain, network }: Operated): Controller[] => [
  networkOperator(context, network.plugin),
  dnsOperator(context, dnsAddress),
  serviceCa(context),
  ingressOperator(context, appsDomain),
  routeAdmission(context, network),
  ingressToRoute(context),
];
