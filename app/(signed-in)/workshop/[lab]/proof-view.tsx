// "Prove it": what `npm run lab -- check` prints, as it comes.
'use client';

import { Alert, Button, Flex, FlexItem, Label, Progress } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import type { ProofState } from '../../../../lib/server/workshop/workshop';
import { post } from '../../../post';

const LOOK_MS = 700;
const FULL = 20; // as many seeds as `npm run lab -- check` tries
const QUICK = 3;

interface Props {
  lab: string;
  first: ProofState | undefined;
  /** Of the lab as it stands. */
  digest: string;
  flush(): Promise<void>;
  /** A file of the lab that a flaw names. */
  open(path: string, line: number | undefined): void;
  onEnd(): void;
}

export default function ProofView({ lab, first, digest, flush, open, onEnd }: Props) {
  const [proof, setProof] = useState(first);
  const [error, setError] = useState<string>();
  const isRunning = proof !== undefined && !proof.result && !proof.failed;

  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(async () => {
      const response = await fetch(`/api/workshop/labs/${lab}/proof`).catch(() => undefined);
      if (!response?.ok) return;
      const { proof: now } = (await response.json()) as { proof?: ProofState };
      setProof(now);
      if (!now || now.result || now.failed) onEnd();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [lab, isRunning, onEnd]);

  async function prove(seeds: number) {
    await flush();
    const answer = await post<{ proof?: ProofState }>(`/api/workshop/labs/${lab}/proof`, { seeds });
    if ('message' in answer) return setError(answer.message);
    setError(undefined);
    setProof(answer.proof);
  }

  return (
    <div className="podlab-proof" data-proof={proof?.result ? (proof.result.ok ? 'ok' : 'failed') : undefined}>
      <Flex className="podlab-space" gap={{ default: 'gapSm' }}>
        <FlexItem>
          <Button id="prove" onClick={() => prove(FULL)} isLoading={isRunning}>
            Prove it
          </Button>
        </FlexItem>
        <FlexItem>
          <Button id="prove-quickly" variant="secondary" onClick={() => prove(QUICK)}>
            A quick look ({QUICK} seeds)
          </Button>
        </FlexItem>
      </Flex>
      {error && (
        <Alert isInline variant="danger" title={error.split('\n')[0]} className="podlab-space">
          {error
            .split('\n')
            .slice(1)
            .map((line) => (
              <div key={line} className="podlab-problem">
                {line}
              </div>
            ))}
        </Alert>
      )}
      {proof?.failed && <Alert isInline variant="warning" title={proof.failed} className="podlab-space" />}
      {proof && isRunning && (
        <Progress
          className="podlab-space"
          title={
            proof.total === 0 ? 'Waits for its turn' : `${proof.done} of ${proof.total} tasks with ${proof.seeds} seeds`
          }
          value={proof.done}
          max={Math.max(proof.total, 1)}
        />
      )}
      {proof?.result && proof.digest !== digest && (
        <Alert isInline variant="info" title="The lab was changed since this proof." className="podlab-space" />
      )}
      {proof?.result && <Result proof={proof} open={open} />}
      {!proof && (
        <p className="podlab-quiet">
          Tries the solution with {FULL} seeds, every mistake, every command left out, the instructions and more, in
          workstations of their own: the same as npm run lab -- check {lab}.
        </p>
      )}
    </div>
  );
}

function Result({ proof: { result, seeds }, open }: { proof: ProofState; open: Props['open'] }) {
  if (!result) return null;
  return (
    <>
      <Alert
        isInline
        variant={result.ok ? 'success' : 'danger'}
        title={result.ok ? `Proved with ${seeds} seeds` : `Not proved (${seeds} seeds)`}
        className="podlab-space"
      />
      <ul className="podlab-proofs">
        {result.proofs.map(({ proof, title, ok, tasks, flaws }) => (
          <li key={proof} data-proof-of={proof} data-ok={ok}>
            <Label isCompact color={ok ? 'green' : 'red'}>
              {proof}
            </Label>{' '}
            {title} <span className="podlab-quiet">{tasks}</span>
            {flaws.map(({ file, line, message }) => (
              <div key={`${file}:${line} ${message}`} className="podlab-problem">
                <Button variant="link" isInline onClick={() => open(file, line)}>
                  {file}
                  {line === undefined ? '' : `:${line}`}
                </Button>
                : {message}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}
