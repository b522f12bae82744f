// Schemas of the kinds that plug-ins define, as far as users write them by hand.

/** Any object. */
export const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** `spec` of EgressFirewall and EgressNetworkPolicy: rules of Allow or Deny to somewhere. */
export const egressRules = (field: 'egress') => ({
  type: 'object',
  required: [field],
  properties: {
    [field]: {
      type: 'array',
      items: {
        type: 'object',
        required: ['to', 'type'],
        properties: {
          type: { type: 'string', pattern: '^Allow|Deny$' },
          to: {
            type: 'object',
            minProperties: 1,
            maxProperties: 1,
            properties: {
              cidrSelector: { type: 'string' },
              dnsName: { type: 'string', pattern: '^(\\*\\.)?([A-Za-z0-9-]+\\.)*[A-Za-z0-9-]+\\.?$' },
              nodeSelector: open,
            },
          },
          ports: {
            type: 'array',
            items: {
              type: 'object',
              required: ['port', 'protocol'],
              properties: {
                port: { type: 'integer', minimum: 1, maximum: 65_535 },
                protocol: { type: 'string', pattern: '^TCP|UDP|SCTP$' },
              },
            },
          },
        },
      },
    },
  },
});
