import dagre from '@dagrejs/dagre';
import { useComputedColorScheme } from '@mantine/core';
import { Background, Controls, Handle, Position, ReactFlow } from '@xyflow/react';
import type { Edge, Node, NodeProps } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useMemo } from 'react';
import type { JourneyEdge, JourneyNode, NodeCounts } from './journey.ts';
import { NodeInside, nodeLabel } from './node-card.tsx';
import styles from './playbooks.module.css';

type CardNode = Node<
  { node: JourneyNode; counts: NodeCounts | undefined; chosen: boolean },
  'card'
>;

const WIDTH = 248;
const HEIGHT = 92;
const TALLEST = 820;

function Card({ data }: NodeProps<CardNode>) {
  return (
    <div className={styles.node} data-chosen={data.chosen}>
      {data.node.kind !== 'entry' && <Handle type="target" position={Position.Top} />}
      <NodeInside node={data.node} counts={data.counts} />
      {data.node.kind !== 'leave' && data.node.kind !== 'end' && (
        <Handle type="source" position={Position.Bottom} />
      )}
    </div>
  );
}

const NODE_TYPES = { card: Card };

interface CanvasProps {
  nodes: readonly JourneyNode[];
  edges: readonly JourneyEdge[];
  counts: ReadonlyMap<string, NodeCounts>;
  chosen: string | undefined;
  onChoose: (id: string) => void;
}

/** The journey from top to bottom, laid out by itself. The list beside it says the same in words. */
export function Canvas({ nodes, edges, counts, chosen, onChoose }: CanvasProps) {
  const scheme = useComputedColorScheme('light');
  const places = useMemo(() => layOut(nodes, edges), [nodes, edges]);
  const drawn: CardNode[] = nodes.map((node) => ({
    id: node.id,
    type: 'card',
    position: places.get(node.id) ?? { x: 0, y: 0 },
    data: { node, counts: counts.get(node.id), chosen: node.id === chosen },
    ariaLabel: nodeLabel(node, counts.get(node.id)),
    ariaRole: 'button',
    initialWidth: WIDTH,
    initialHeight: HEIGHT,
  }));
  const lines: Edge[] = edges.map((edge) => ({
    id: `${edge.from}-${edge.to}-${edge.label ?? ''}`,
    source: edge.from,
    target: edge.to,
    label: edge.label,
    type: 'smoothstep',
    focusable: false,
  }));
  const bottom = Math.max(...[...places.values()].map(({ y }) => y + HEIGHT));
  return (
    <div className={styles.canvas} style={{ height: Math.min(bottom + 70, TALLEST) }}>
      <ReactFlow
        nodes={drawn}
        edges={lines}
        nodeTypes={NODE_TYPES}
        colorMode={scheme}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.06 }}
        nodesDraggable={false}
        nodesConnectable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        minZoom={0.3}
        onNodeClick={(_, node) => onChoose(node.id)}
        onSelectionChange={({ nodes: selected }) => {
          // Enter on a node that has the focus selects it.
          const [first] = selected;
          if (first && first.id !== chosen) onChoose(first.id);
        }}
      >
        <Background gap={20} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function layOut(
  nodes: readonly JourneyNode[],
  edges: readonly JourneyEdge[],
): Map<string, { x: number; y: number }> {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 50, ranksep: 42 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.id, { width: WIDTH, height: HEIGHT });
  for (const { from, to, label = 'next' } of edges) {
    graph.setEdge({ v: from, w: to, name: label }, {});
  }
  dagre.layout(graph);
  return new Map(
    nodes.map(({ id }) => {
      const { x, y } = graph.node(id) as { x: number; y: number };
      return [id, { x: x - WIDTH / 2, y: y - HEIGHT / 2 }];
    }),
  );
}
