import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../domain/agent-spec.ts';
import { card, facts } from '../specs.ts';

const problemsOf = (spec: unknown): readonly string[] => {
  const parsed = parseSpec(spec);
  return parsed.ok ? [] : parsed.problems.map((problem) => `${problem.pointer} ${problem.message}`);
};

describe('an AgentCard of A2A 1.0', () => {
  test('is told by its interfaces and brought into the common form', () => {
    const parsed = parseSpec(card());
    expect(parsed).toMatchObject({
      ok: true,
      labels: ['estimate', 'paint'],
      summary: {
        kind: 'a2a_card',
        endpoints: [
          { url: 'https://agents.example.com/paint', protocol: 'JSONRPC', protocolVersion: '1.0' },
          { protocol: 'HTTP+JSON' },
        ],
        capabilities: { streaming: true, pushNotifications: false },
        inputModes: ['text/plain'],
      },
    });
  });

  test('keeps members that nobody here knows', () => {
    const parsed = parseSpec(card({ 'x-vendor': { a: [1, null] } }));
    expect(parsed.ok && parsed.spec['x-vendor']).toEqual({ a: [1, null] });
  });

  test.each([
    ['name', '/spec/name is missing'],
    ['description', '/spec/description is missing'],
    ['version', '/spec/version is missing'],
    ['capabilities', '/spec/capabilities is missing'],
    ['defaultInputModes', '/spec/defaultInputModes is missing'],
    ['defaultOutputModes', '/spec/defaultOutputModes is missing'],
    ['skills', '/spec/skills is missing'],
  ])('without %s is refused with its place', (member, problem) => {
    expect(problemsOf(card({ [member]: undefined }))).toEqual([problem]);
  });

  test('names every place that is wrong', () => {
    const spec = card({
      supportedInterfaces: [{ url: 'ftp://example.com', protocolBinding: 7, protocolVersion: '1.0' }],
      skills: [{ id: '', name: 'a', description: 'b', tags: 'c' }],
      provider: { organization: 'Example' },
    });
    expect(problemsOf(spec)).toEqual([
      '/spec/supportedInterfaces/0/url must begin with https:// or http://',
      '/spec/supportedInterfaces/0/protocolBinding must be text',
      '/spec/skills/0/id must not be empty',
      '/spec/skills/0/tags must be an array',
      '/spec/provider/url is missing',
    ]);
  });

  test('of a version before 1.0 is told what it lacks', () => {
    const old = card({ supportedInterfaces: undefined, url: 'https://example.com', protocolVersion: '0.3.0' });
    expect(problemsOf(old)).toEqual([expect.stringContaining('before 1.0')]);
  });
});

describe('AgentFacts', () => {
  test('are brought into the common form', () => {
    expect(parseSpec(facts())).toMatchObject({
      ok: true,
      labels: ['estimate', 'plan'],
      summary: {
        kind: 'agent_facts',
        provider: { name: 'Example' },
        skills: [{ id: 'estimate', name: 'estimate', tags: [] }, { id: 'plan' }],
        endpoints: [
          { url: 'https://api.example.com/agents/estimator', protocol: 'HTTP', protocolVersion: null },
          { url: 'https://resolver.example.com/dispatch' },
        ],
        inputModes: ['text'],
        outputModes: ['structured_data', 'text'],
      },
    });
  });

  test('name every place that is wrong', () => {
    const spec = facts({
      skills: [],
      capabilities: { modalities: ['text'] },
      telemetry: { sampling: 2 },
      certification: { issuanceDate: 'yesterday' },
    });
    expect(problemsOf(spec)).toEqual([
      '/spec/capabilities/authentication is missing',
      '/spec/skills must have at least 1 item',
      '/spec/telemetry/sampling must be between 0 and 1',
      '/spec/certification/issuanceDate must be a date and time (RFC 3339)',
    ]);
  });
});

describe('any spec', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', '{}'],
    ['a list', []],
  ])('that is %s is refused', (_name, spec) => {
    expect(problemsOf(spec)).toEqual(['/spec must be an object']);
  });

  test('of no known format is refused', () => {
    expect(problemsOf({ hello: 'world' })).toEqual([expect.stringContaining('is neither')]);
  });

  test('with text that the database cannot hold is refused with its place', () => {
    expect(problemsOf(card({ extra: { 'a/b': 'x\0' } }))).toEqual([
      '/spec/extra/a~1b must not hold the character U+0000',
    ]);
    expect(problemsOf(card({ extra: ['\ud800'] }))).toEqual(['/spec/extra/0 holds half of a surrogate pair']);
  });

  test('nested without end or larger than its bound is refused', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 5_000; level += 1) deep = [deep];
    expect(problemsOf(card({ deep }))).toEqual([expect.stringContaining('nested more than 24 levels')]);
    expect(problemsOf(card({ large: 'x'.repeat(256 * 1024) }))).toEqual([
      '/spec must have at most 262144 bytes as JSON',
    ]);
  });

  test('has no more than fifty problems', () => {
    const skills = Array.from({ length: 80 }, () => ({}));
    expect(problemsOf(card({ skills }))).toHaveLength(50);
  });

  test.each([
    'https://user:secret@example.com/',
    'https://',
    'javascript:alert(1)',
    '/relative',
    `https://example.com/${'x'.repeat(2_048)}`,
  ])('with the address %s is refused', (url) => {
    const spec = card({ supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }] });
    expect(problemsOf(spec)).toEqual([expect.stringMatching(/^\/spec\/supportedInterfaces\/0\/url must/)]);
  });
});
