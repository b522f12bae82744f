// Gives a pod the images of the image streams that it names, where the streams or the pod allow it (image.openshift.io/ImagePolicy).
import { latestOf } from '../../image-import';
import { referenceOf } from '../../internal-registry';
import type { Plugin } from './admission';

const STREAMS = 'imagestreams.image.openshift.io';
const RESOLVE = 'alpha.image.policy.openshift.io/resolve-names';
const NAME = /^([a-z0-9][a-z0-9._-]*)(?::([\w][\w.-]*))?$/;

export const imageLookup: Plugin = ({ operation, resource, object, subresource }, { store, settings }) => {
  if (operation !== 'CREATE' || resource !== 'pods' || subresource || settings.profile !== 'openshift') return;
  const asked = object.metadata.annotations?.[RESOLVE] === '*';
  for (const container of [...(object['spec'].initContainers ?? []), ...(object['spec'].containers ?? [])]) {
    const [, name = '', tag = 'latest'] = NAME.exec(container.image ?? '') ?? [];
    const stream = name ? store.get(STREAMS, object.metadata.namespace, name) : undefined;
    const event = stream && latestOf(stream, tag);
    if (event && (asked || stream['spec']?.lookupPolicy?.local)) container.image = referenceOf(stream, tag, event);
  }
};
