// The rules of a pod's volumes.
import type { FieldErrors } from '../validation/field-errors';
import { dnsLabel } from '../validation/names';
import type { Part } from './validate';

function validateSource(volume: Part, at: string, errors: FieldErrors): void {
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  if (sources.length === 0) errors.required(at, 'must specify a volume type');
  for (const extra of sources.slice(1)) errors.forbidden(`${at}.${extra}`, 'may not specify more than 1 volume type');
  if (volume['secret'] && !volume['secret'].secretName) errors.required(`${at}.secret.secretName`);
  if (volume['configMap'] && !volume['configMap'].name) errors.required(`${at}.configMap.name`);
  if (volume['hostPath'] && !volume['hostPath'].path) errors.required(`${at}.hostPath.path`);
  if (volume['persistentVolumeClaim'] && !volume['persistentVolumeClaim'].claimName)
    errors.required(`${at}.persistentVolumeClaim.claimName`);
  if (volume['nfs'] && !volume['nfs'].server) errors.required(`${at}.nfs.server`);
}

/** Returns the names, for the mounts to be checked against. */
export function validateVolumes(volumes: Part[], at: string, errors: FieldErrors): Set<string> {
  const names = new Set<string>();
  for (const [i, volume] of volumes.entries()) {
    const field = `${at}[${i}]`;
    validateSource(volume, field, errors);
    if (!volume['name']) errors.required(`${field}.name`);
    else {
      for (const problem of dnsLabel(volume['name'])) errors.invalid(`${field}.name`, volume['name'], problem);
      if (names.has(volume['name'])) errors.duplicate(`${field}.name`, volume['name']);
    }
    names.add(volume['name']);
  }
  return names;
}
