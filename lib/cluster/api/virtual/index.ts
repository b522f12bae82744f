// Resources that answer some verbs in a way of their own: by id and verb.
import type { Served } from '../../resources/registry';
import type { Answer, Call } from '../call';
import { bindNamed } from '../subresource/binding';
import { reviewWho } from './access-reviews';
import { endToken } from './access-tokens';
import { getComponent, listComponents } from './component-statuses';
import { user } from './current-user';
import { deleteTag, getTag, importStream, listTags, putTag } from './image-streams';
import { getMetrics, listMetrics } from './metrics';
import { reviewPath, reviewReachability } from './network-reviews';
import { reviewPodSecurity } from './pod-security-reviews';
import { mayRequestProject, requestProject } from './project-requests';
import { review } from './reviews';

type Handler = (call: Call, served: Served) => Answer | Promise<Answer>;

export const VIRTUAL: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  bindings: { create: bindNamed },
  componentstatuses: { get: getComponent, list: listComponents },
  'selfsubjectreviews.authentication.k8s.io': { create: review },
  'tokenreviews.authentication.k8s.io': { create: review },
  'localsubjectaccessreviews.authorization.k8s.io': { create: review },
  'selfsubjectaccessreviews.authorization.k8s.io': { create: review },
  'selfsubjectrulesreviews.authorization.k8s.io': { create: review },
  'subjectaccessreviews.authorization.k8s.io': { create: review },
  'localresourceaccessreviews.authorization.openshift.io': { create: reviewWho },
  'resourceaccessreviews.authorization.openshift.io': { create: reviewWho },
  'pathreviews.podlab.dev': { create: reviewPath },
  'reachabilityreviews.podlab.dev': { create: reviewReachability },
  'projectrequests.project.openshift.io': { create: requestProject, list: mayRequestProject },
  'podsecuritypolicyselfsubjectreviews.security.openshift.io': { create: reviewPodSecurity },
  'podsecuritypolicysubjectreviews.security.openshift.io': { create: reviewPodSecurity },
  'oauthaccesstokens.oauth.openshift.io': { delete: endToken },
  'imagestreamimports.image.openshift.io': { create: importStream },
  'imagestreamtags.image.openshift.io': {
    get: getTag,
    list: listTags,
    create: putTag,
    update: putTag,
    delete: deleteTag,
  },
  'nodes.metrics.k8s.io': { get: getMetrics, list: listMetrics },
  'pods.metrics.k8s.io': { get: getMetrics, list: listMetrics },
  'users.user.openshift.io': { get: user },
};
