import type { NandaCtx } from '../ctx.ts';
import { listAgents } from './agents.ts';
import { createAgent } from './create-agent.ts';
import { updateAgent } from './update-agent.ts';

/** An invented agent; `.example` addresses answer nobody (RFC 2606). */
interface DemoAgent {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly isActive: boolean;
  readonly skills: readonly { readonly id: string; readonly name: string; readonly tags: readonly string[] }[];
}

const DEMO_AGENTS: readonly DemoAgent[] = [
  {
    name: 'Paint estimator (demo)',
    description: 'Turns room measurements into litres, hours and a price range.',
    version: '2.3.0',
    isActive: true,
    skills: [
      { id: 'estimate-rooms', name: 'Estimate rooms', tags: ['paint', 'estimate'] },
      { id: 'explain-estimate', name: 'Explain an estimate', tags: ['paint'] },
    ],
  },
  {
    name: 'Schedule keeper (demo)',
    description: 'Finds days when a crew, the weather and the customer agree.',
    version: '1.0.4',
    isActive: true,
    skills: [{ id: 'propose-dates', name: 'Propose dates', tags: ['calendar', 'crew'] }],
  },
  {
    name: 'Colour matcher (demo)',
    description: 'Suggests colours that go with a photo of the house.',
    version: '0.9.1',
    isActive: false,
    skills: [{ id: 'match-colours', name: 'Match colours', tags: ['colour', 'image'] }],
  },
];

/** Registers the invented agents of the demo tenant, unless it has agents already. */
export async function makeDemoAgents(ctx: NandaCtx): Promise<void> {
  const { rows } = await listAgents(ctx, { first: 1 });
  if (rows.length > 0) return;
  for (const demo of DEMO_AGENTS) {
    const { id } = await createAgent(ctx, { ...demo, spec: cardOf(demo) });
    if (demo.isActive) await updateAgent(ctx, { id, status: 'active', reason: 'part of the demo' });
  }
}

/** The agent's card in the form of A2A 1.0. */
const cardOf = ({ name, description, version, skills }: DemoAgent): object => ({
  name,
  description,
  version,
  supportedInterfaces: [
    { url: `https://agents.candlefish.example/${skills[0]?.id}`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
  ],
  capabilities: { streaming: true },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['application/json'],
  skills: skills.map((skill) => ({ ...skill, description: `${skill.name}, as the demo has it.` })),
});
