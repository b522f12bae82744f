// Assertions of the baseline that do not hold here, each with its reason. The test fails when another one does not hold, and when
// one of these does.
import type { Assertion } from './assertions';

const HPA_V2 =
  'the preferred version of autoscaling is v2 since Kubernetes 1.23; the test reads fields, names and paths of v1, which 1.20 preferred';

/** Whatever the client. */
const SERVER: Record<Assertion, string> = {
  'run_assert_short_name_tests discovery.sh:58':
    'discovery tells singular names since Kubernetes 1.27; the test expects ""',
  'run_save_config_tests save-config.sh:92': HPA_V2,
  'run_save_config_tests save-config.sh:94': HPA_V2,
  'run_save_config_tests save-config.sh:97': HPA_V2,
  'run_kubectl_get_tests get.sh:111': HPA_V2,
  'run_recursive_resources_tests generic-resources.sh:344': HPA_V2,
  'run_recursive_resources_tests generic-resources.sh:345': HPA_V2,
  'run_rc_tests core.sh:1391': HPA_V2,
  'run_rc_tests core.sh:1395': HPA_V2,
  'run_deployment_tests apps.sh:286': HPA_V2,
  'run_rs_tests apps.sh:702': HPA_V2,
  'run_rs_tests apps.sh:706': HPA_V2,
  'run_recursive_resources_tests generic-resources.sh:231':
    'the baseline ran without the admission plug-in ServiceAccount; with it, as on every real cluster, replacing a pod from its first manifest would take its token volume away and is refused',
};

const VERBOSE = 'kubectl writes its requests in another form at -v=6 since 1.33';

/** kubectl from 1.26 on, which the machine's dispatcher takes for a server of 1.31. */
const SINCE_1_26: Record<Assertion, string> = {
  'run_kubectl_apply_tests apply.sh:232': 'kubectl has no --prune-whitelist any more',
};

const SINCE_1_33: Record<Assertion, string> = Object.fromEntries(
  [104, 105, 106, 107, 108, 109, 110, 112, 120, 126].map((line) => [`run_kubectl_get_tests get.sh:${line}`, VERBOSE]),
);

/** What does not hold with a client of this minor version. */
export const knownDifferences = (minor: number): Record<Assertion, string> => ({
  ...SERVER,
  ...SINCE_1_26,
  ...(minor >= 33 && SINCE_1_33),
});
