// Which shape the client asks for: apiserver pkg/endpoints/handlers/negotiation.

export interface Accept {
  format: 'json' | 'yaml';
  as: 'Object' | 'Table' | 'PartialObjectMetadata';
  /** False: nothing of what is accepted can be made (406). */
  known: boolean;
  /** Wants aggregated discovery, in this version. */
  discovery?: 'v2' | 'v2beta1';
}

interface MediaRange {
  type: string;
  parameters: Map<string, string>;
  q: number;
}

const FORMATS: Record<string, Accept['format']> = {
  'application/json': 'json',
  'application/*': 'json',
  '*/*': 'json',
  'application/yaml': 'yaml',
};

function parse(header: string): MediaRange[] {
  return header
    .split(',')
    .map((part) => {
      const [type = '', ...rest] = part.split(';').map((each) => each.trim());
      const parameters = new Map(
        rest.map((each) => {
          const [key = '', value = ''] = each.split('=');
          return [key.trim(), value.trim()] as const;
        }),
      );
      return { type: type.toLowerCase(), parameters, q: Number(parameters.get('q') ?? 1) };
    })
    .filter(({ type }) => type !== '')
    .sort((a, b) => b.q - a.q);
}

/** The first range that can be served. */
export function parseAccept(header: string | undefined): Accept {
  for (const { type, parameters } of parse(header || '*/*')) {
    const format = FORMATS[type];
    if (!format) continue;
    const as = parameters.get('as');
    const group = parameters.get('g');
    if (as === undefined) return { format, as: 'Object', known: true };
    const version = parameters.get('v');
    if (as === 'APIGroupDiscoveryList' && (version === 'v2' || version === 'v2beta1'))
      return { format, as: 'Object', known: true, discovery: version };
    if (group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) continue;
    if (as === 'Table') return { format, as, known: true };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
      return { format, as: 'PartialObjectMetadata', known: true };
  }
  return { format: 'json', as: 'Object', known: false };
}
