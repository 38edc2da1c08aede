/** A card with every member that A2A 1.0 requires. */
export const card = (changes: object = {}): Record<string, unknown> => ({
  name: 'Paint estimator',
  description: 'Estimates how much paint a house needs.',
  version: '1.2.0',
  supportedInterfaces: [
    { url: 'https://agents.example.com/paint', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
    { url: 'https://agents.example.com/paint/rest', protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
  ],
  capabilities: { streaming: true },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['application/json'],
  skills: [{ id: 'estimate', name: 'Estimate', description: 'Litres for rooms.', tags: ['Paint', 'estimate'] }],
  ...changes,
});

/** Facts with every member that the schema of agentfacts.org requires. */
export const facts = (changes: object = {}): Record<string, unknown> => ({
  id: 'example:estimator',
  agent_name: 'urn:agent:example:estimator',
  label: 'Estimator',
  description: 'Estimates paint.',
  version: '2.0.0',
  provider: { name: 'Example', url: 'https://example.com' },
  endpoints: {
    static: ['https://api.example.com/agents/estimator'],
    adaptive_resolver: { url: 'https://resolver.example.com/dispatch', policies: ['geo'] },
  },
  capabilities: { modalities: ['text'], streaming: true, authentication: { methods: ['oauth2'] } },
  skills: [
    { id: 'estimate', description: 'Litres for rooms.', inputModes: ['text'], outputModes: ['structured_data'] },
    { id: 'plan', description: 'A plan.', inputModes: ['text'], outputModes: ['text'], latencyBudgetMs: 200 },
  ],
  ...changes,
});
