// eviction: deletes a pod if every disruption budget that covers it allows one more (pkg/registry/core/pod/storage/eviction.go).
import type { Served } from '../../resources/registry';
import { ApiError, tooManyRequests } from '../../store/errors';
import { selects } from '../../store/selectors';
import type { KubeObject } from '../../store/types';
import type { Answer, Call } from '../call';
import { existing, readAs, writeOptions } from '../objects';
import type { DeleteOptions } from '../operations';

const BUDGETS = 'poddisruptionbudgets.policy';
const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";

const exempt = ({ spec, status }: KubeObject): boolean =>
  !spec.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed' || status?.phase === 'Pending';

function spend(call: Call, budget: KubeObject, pod: KubeObject, dryRun: boolean): void {
  const { name, generation = 0 } = budget.metadata;
  const status = budget['status'] ?? {};
  const { disruptionsAllowed = 0, desiredHealthy = 0, currentHealthy = 0, observedGeneration = 0 } = status;
  const cause = (message: string) => [{ reason: 'DisruptionBudget', message }];
  if (observedGeneration < generation)
    throw tooManyRequests(REFUSED, cause(`The disruption budget ${name} is still being processed by the server.`), 10);
  if (disruptionsAllowed <= 0)
    throw tooManyRequests(
      REFUSED,
      cause(`The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`),
    );
  if (dryRun) return;
  const disruptedPods = { ...status.disruptedPods, [pod.metadata.name]: call.api.operations.clock.timestamp() };
  const spent = { ...budget, status: { ...status, disruptionsAllowed: disruptionsAllowed - 1, disruptedPods } };
  call.api.operations.update(BUDGETS, spent, { subresource: 'status' });
}

export async function evict(call: Call, served: Served): Promise<Answer> {
  const body = (await readAs(call, 'Eviction')) as { deleteOptions?: DeleteOptions & { dryRun?: string[] } };
  const { operations } = call.api;
  const pod = existing(call, served);
  const options = writeOptions(call, served);
  const dryRun = options.dryRun || (body.deleteOptions?.dryRun ?? []).includes('All');
  const { namespace, name, labels } = pod.metadata;
  if (!exempt(pod)) {
    const budgets = operations.store.list(BUDGETS, namespace).filter(({ spec }) => selects(spec?.selector, labels));
    if (budgets.length > 1)
      throw new ApiError(
        500,
        'InternalError',
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
        {},
      );
    for (const budget of budgets) spend(call, budget, pod, dryRun);
  }
  operations.delete('pods', namespace, name, body.deleteOptions ?? {}, { ...options, dryRun });
  return { code: 201, object: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
}
