/**
 * An AgentCard of A2A 1.0 as an agent publishes it at `/.well-known/agent-card.json`: three bindings, skills, security and
 * a signature (https://a2a-protocol.org, specification/a2a.proto). The company is invented.
 */
export const agentCard = {
  name: 'Colour matcher',
  description: 'Names the paint that matches a photograph, and where to buy it.',
  version: '2.1.0',
  supportedInterfaces: [
    { url: 'https://agents.paint.example/a2a', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
    { url: 'https://agents.paint.example/a2a/rest', protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
    { url: 'https://agents.paint.example:8443', protocolBinding: 'GRPC', protocolVersion: '1.0', tenant: 'north' },
  ],
  provider: { organization: 'Example Paints', url: 'https://paint.example' },
  documentationUrl: 'https://paint.example/docs/matcher',
  iconUrl: 'https://paint.example/matcher.png',
  capabilities: {
    streaming: true,
    pushNotifications: false,
    extendedAgentCard: true,
    extensions: [
      { uri: 'https://paint.example/ext/swatches/v1', description: 'Answers with swatches.', required: false },
    ],
  },
  securitySchemes: {
    bearer: { httpAuthSecurityScheme: { scheme: 'Bearer', bearerFormat: 'JWT' } },
    key: { apiKeySecurityScheme: { location: 'header', name: 'X-Paint-Key' } },
  },
  securityRequirements: [{ schemes: { bearer: { list: [] } } }],
  defaultInputModes: ['image/jpeg', 'image/png', 'text/plain'],
  defaultOutputModes: ['application/json', 'text/plain'],
  skills: [
    {
      id: 'match-colour',
      name: 'Match a colour',
      description: 'Finds the three nearest paints of a catalogue for a point of a photograph.',
      tags: ['colour', 'paint', 'photograph'],
      examples: ['Which paint is the door in this photograph?'],
      inputModes: ['image/jpeg', 'image/png'],
      outputModes: ['application/json'],
    },
    {
      id: 'find-shop',
      name: 'Find a shop',
      description: 'Lists shops near a place that have a paint.',
      tags: ['paint', 'shop'],
    },
  ],
  signatures: [
    {
      protected: 'eyJhbGciOiJFUzI1NiIsInR5cCI6IkpPU0UiLCJraWQiOiJrZXktMSJ9',
      signature: 'QFdkNLNszlGj3z3u0YQGt_T9LixY3qtdQpZmsTdDHDe3fXV9y9-B3m2-XgCpzuhiLt8E0tV6HXoZKHv4GtHgKQ',
    },
  ],
} as const;
