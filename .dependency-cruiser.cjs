// The rooms of ARCHITECTURE.md: who may import whom. test/boundaries.test.ts plants a violation to prove that this bites.
const rooms = {
  sim: [],
  network: ['sim'],
  machine: ['sim', 'network'],
  shell: ['sim', 'network', 'machine'],
  programs: ['sim', 'network', 'machine', 'shell'],
  images: ['sim', 'network', 'machine', 'shell', 'programs'],
  cluster: ['sim', 'network', 'machine', 'programs', 'images'],
  oc: ['sim', 'machine'],
  sandbox: ['sim', 'network', 'machine', 'shell', 'programs', 'images', 'cluster', 'oc'],
  labs: ['sim', 'sandbox', '#graders'],
  grading: ['sim', 'network', 'machine', 'sandbox', 'labs', '#graders'],
  server: ['sim', 'sandbox', 'labs', 'grading', '#prisma'],
  cli: ['sim', 'machine', 'sandbox', 'labs', 'grading', 'server'],
};
const worlds = ['sim', 'network', 'machine', 'shell', 'programs', 'images', 'cluster', 'oc', 'sandbox'];
const folder = (room) => (room.startsWith('#') ? `^${room.slice(1)}/` : `^lib/${room}/`);
const notTests = '\\.test\\.ts$|/testing/';
module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, may]) => ({
      name: `room-${room}`,
      severity: 'error',
      comment: `lib/${room} may use only: ${may.join(', ') || 'nothing'}.`,
      from: { path: folder(room), pathNot: notTests },
      to: { path: '^(lib|app|graders|labs|prisma|test)/', pathNot: [folder(room), ...may.map(folder)] },
    })),
    {
      name: 'graders-contract-only',
      severity: 'error',
      comment: 'A grader sees the grading contract and nothing else of the product.',
      from: { path: '^graders/', pathNot: notTests },
      to: { path: '^(lib|app|prisma)/', pathNot: '^lib/grading/contract\\.ts$' },
    },
    {
      name: 'app-through-server',
      severity: 'error',
      comment: 'Pages parse, authorise and call lib/server.',
      from: { path: '^app/' },
      to: { path: '^(lib|prisma|graders|labs)/', pathNot: '^lib/server/' },
    },
    {
      name: 'no-host-in-a-world',
      severity: 'error',
      comment: 'A world gets clock, seed and storage handed in; it opens no file, socket or process of the host.',
      from: { path: worlds.map(folder), pathNot: `${notTests}|^lib/sandbox/host/|^lib/programs/grpc/health\\.ts$` }, // gRPC: HTTP/2 over a stream that is handed in
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|fs/promises|net|dgram|child_process|cluster|worker_threads|os|dns|tls|http2|inspector|vm)$',
      },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    exclude: '^(\\.next|prisma/client)',
  },
};
