// Gives each pod the number of its priority class: plugin/pkg/admission/priority.
import { forbidden } from '../../store/errors';
import type { KubeObject } from '../../store/types';
import type { Plugin } from './admission';

const CLASSES = 'priorityclasses.scheduling.k8s.io';

export const priority: Plugin = ({ operation, resource, object, subresource }, { store }) => {
  if (operation !== 'CREATE' || resource !== 'pods' || subresource) return;
  const { spec, metadata } = object;
  const refuse = (why: string) => forbidden('pods', metadata.name ?? metadata.generateName ?? '', why);
  let found: KubeObject | undefined;
  if (spec.priorityClassName) {
    found = store.get(CLASSES, undefined, spec.priorityClassName);
    if (!found) throw refuse(`no PriorityClass with name ${spec.priorityClassName} was found`);
  } else {
    found = store.list(CLASSES).find((each) => each['globalDefault']);
    if (found) spec.priorityClassName = found.metadata.name;
  }
  const value: number = found?.['value'] ?? 0;
  if (spec.priority !== undefined && spec.priority !== value)
    throw refuse(
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    );
  spec.priority = value;
  spec.preemptionPolicy ??= found?.['preemptionPolicy'] ?? 'PreemptLowerPriority';
};
