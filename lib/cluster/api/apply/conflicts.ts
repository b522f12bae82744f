// The refusal of an apply that would take over fields of others: apimachinery pkg/util/managedfields/internal/conflict.go.
import { ApiError } from '../../store/errors';
import type { FieldSet, ManagedFieldsEntry } from '../../store/types';
import { paths } from './field-set';

export interface Conflict {
  entry: ManagedFieldsEntry;
  fields: FieldSet;
}

function shown({ manager, operation, subresource, apiVersion }: ManagedFieldsEntry): string {
  const name = JSON.stringify(manager);
  if (operation !== 'Update') return name;
  const part = subresource ? ` with subresource ${JSON.stringify(subresource)}` : '';
  return `${name}${part} using ${apiVersion}`;
}

export function conflictError(conflicts: readonly Conflict[]): ApiError {
  const all = conflicts.flatMap(({ entry, fields }) => paths(fields).map((path) => ({ by: shown(entry), path })));
  const causes = all.map(({ by, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${by}`,
    field: path,
  }));
  const [only] = all;
  if (all.length === 1 && only)
    return new ApiError(409, 'Conflict', `Apply failed with 1 conflict: conflict with ${only.by}: ${only.path}`, {
      causes,
    });
  const lines = [...new Set(all.map(({ by }) => by))].sort().map((by) => {
    const own = all.filter((each) => each.by === by).map(({ path }) => path);
    return `conflicts with ${by}:\n- ${own.join('\n- ')}`;
  });
  return new ApiError(409, 'Conflict', `Apply failed with ${all.length} conflicts: ${lines.join('\n')}`, { causes });
}
