// The live picture of an attempt's network: what stands where, what leads to what, and the connections just made.
'use client';

import '@xyflow/react/dist/style.css';
import './network.css';
import { Alert, Content, List, ListItem } from '@patternfly/react-core';
import { Background, Controls, ReactFlow } from '@xyflow/react';
import { useEffect, useState } from 'react';
import type { Picture } from '../../../../../lib/server/picture';
import { arrange } from './arrange';
import { boxTypes } from './boxes';

const LOOK_MS = 2_000; // a connection shows while one still remembers having made it
const MOST_LISTED = 8;

export default function NetworkPicture({ attemptId }: { attemptId: string }) {
  const [picture, setPicture] = useState<Picture>();
  const [problem, setProblem] = useState<string>();
  const [selected, setSelected] = useState<string>();

  useEffect(() => {
    async function look() {
      if (document.hidden) return;
      const response = await fetch(`/api/attempts/${attemptId}/picture`).catch(() => undefined);
      const answer = (await response?.json().catch(() => undefined)) as (Picture & { message?: string }) | undefined;
      if (response?.ok && answer) setPicture(answer);
      setProblem(response?.ok ? undefined : (answer?.message ?? 'The server cannot be reached. Trying again.'));
    }
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [attemptId]);

  if (!picture) return problem ? <Alert isInline variant="warning" title={problem} /> : <p>Looking…</p>;
  const { nodes, edges } = arrange(picture, Date.now(), selected);
  return (
    <div className="podlab-network">
      {problem && <Alert isInline variant="warning" title={problem} />}
      <Content component="small">
        {picture.plugin} · pods from {picture.clusterNetwork.join(', ')} · services from{' '}
        {picture.serviceNetwork.join(', ')} · click a pod to see what policies keep from it
        {picture.omitted > 0 && ` · ${picture.omitted} more pods are not shown`}
      </Content>
      <div className="podlab-network-canvas">
        <ReactFlow
          nodes={nodes.map((node) => ({ ...node, selected: node.id === selected }))}
          edges={edges}
          nodeTypes={boxTypes}
          nodesDraggable={false}
          nodesConnectable={false}
          minZoom={0.2}
          fitView
          onNodeClick={(_, { id, data }) => setSelected(data.kind === 'pod' && id !== selected ? id : undefined)}
          onPaneClick={() => setSelected(undefined)}
        >
          <Background />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
      <Connections picture={picture} />
    </div>
  );
}

function Connections({ picture }: { picture: Picture }) {
  if (picture.connections.length === 0) return <Content component="p">No connection was made yet.</Content>;
  return (
    <List isPlain aria-label="Last connections" className="podlab-connections">
      {picture.connections.slice(0, MOST_LISTED).map(({ from, address, port, verdict, reason, at }) => (
        <ListItem key={`${from} ${address} ${port} ${at}`}>
          <span className={verdict === 'delivered' ? 'podlab-good' : 'podlab-bad'}>{verdict}</span> {from} → {address}:
          {port} <span className="podlab-quiet">{reason}</span>
        </ListItem>
      ))}
    </List>
  );
}
