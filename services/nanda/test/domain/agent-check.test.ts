import { describe, expect, test } from 'vitest';
import { cardUrlOf, compareSpec } from '../../domain/agent-check.ts';
import { parseSpec } from '../../domain/agent-spec.ts';
import { card, facts } from '../specs.ts';

const summaryOf = (spec: unknown) => {
  const parsed = parseSpec(spec);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.summary;
};

const registered = { specVersion: '1.2.0', summary: summaryOf(card()) };

describe('what an agent publishes', () => {
  test('is looked for at the well-known path of its preferred host', () => {
    expect(cardUrlOf(summaryOf(card()))).toBe('https://agents.example.com/.well-known/agent-card.json');
    expect(cardUrlOf(summaryOf(facts()))).toBe('https://api.example.com/.well-known/agent-facts');
  });

  test('is healthy when it is what is registered, in any order', () => {
    const interfaces = (card()['supportedInterfaces'] as object[]).toReversed();
    expect(compareSpec(registered, card({ supportedInterfaces: interfaces })).outcome).toBe('healthy');
  });

  test.each([
    ['version', card({ version: '1.3.0' })],
    ['skills', card({ skills: [{ id: 'other', name: 'Other', description: 'x', tags: [] }] })],
    [
      'endpoints',
      card({
        supportedInterfaces: [{ url: 'https://elsewhere.example', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
      }),
    ],
    ['format', facts()],
  ])('drifts when it differs in %s', (what, published) => {
    const { outcome, detail } = compareSpec(registered, published);
    expect(outcome).toBe('drifted');
    expect(detail).toContain(what);
  });

  test('is invalid when it is of no format', () => {
    expect(compareSpec(registered, { hello: 1 }).outcome).toBe('invalid');
    expect(compareSpec(registered, null).outcome).toBe('invalid');
  });
});
