import { sharedNetwork } from '@candlefish/testkit/network';
import { beforeAll, describe, expect, it } from 'vitest';
import { RICH_TEXT } from '../domain/content-types.ts';
import { contentAsRich } from '../operations/convert/content-as-rich.ts';
import { htmlToRich } from '../operations/convert/html-to-rich.ts';
import { markdownToRich } from '../operations/convert/markdown-to-rich.ts';
import { richToHtml } from '../operations/convert/rich-to-html.ts';
import { richToMarkdown } from '../operations/convert/rich-to-markdown.ts';

type Network = Awaited<ReturnType<typeof sharedNetwork>>;
type Owner = Awaited<ReturnType<Network['signUp']>>;

let network: Network;
let owner: Owner;

beforeAll(async () => {
  network = await sharedNetwork();
  owner = await network.signUp();
});

const MARKDOWN = `# Harbour Street

A **bold** and *quiet* word, \`code\`, ~~gone~~, a [link](https://paint.example/door "the door").

> Keep the blue door

1. primer
2. first coat
   - windows
   - doors

- [x] order the paint
- [ ] call the customer

| room | litres |
| ---- | -----: |
| hall |     12 |

\`\`\`js
paint('blue');
\`\`\`

---

Last line\\
after a break
`;

const importAs = async (body: object): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> => {
  const answer = await owner.api.post('/api/v1/documents/import', body);
  return { status: answer.status, body: answer.body as Record<string, unknown> };
};

async function imported(body: object): Promise<string> {
  const answer = await importAs(body);
  expect(answer).toMatchObject({ status: 201 });
  return String(answer.body['id']);
}

const exported = (id: string, format: string) => owner.api.get(`/api/v1/documents/${id}/export?format=${format}`);

/** What no tag of an exported page may hold. */
const HARMFUL = /^<(script|iframe|svg|math|template|form|base|object)|\son\w+\s*=|script:|data:/i;

describe('forms of rich text', () => {
  it('gives Markdown back as it came', () => {
    expect(richToMarkdown(markdownToRich(MARKDOWN))).toBe(
      richToMarkdown(markdownToRich(richToMarkdown(markdownToRich(MARKDOWN)))),
    );
    expect(richToMarkdown(markdownToRich(MARKDOWN))).toBe(MARKDOWN);
  });

  it('says the same in HTML', () => {
    const rich = markdownToRich(MARKDOWN);
    expect(htmlToRich(richToHtml(rich, 'x'))).toEqual(rich);
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&#58;alert(1)">x</a>',
    '<svg onload=alert(1)><desc><script>alert(1)</script></desc></svg>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<template><script>alert(1)</script></template>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<pre><code class="language-</style><img/src/onerror=alert(1)>">x</code></pre>',
    '<td align="&quot; onload=&quot;alert(1)">x</td>',
    '<a href="\u0001javascript:alert(1)">x</a>',
    '<a href="jav&Tab;ascript:alert(1)">x</a>',
    '[x](<java\tscript:alert(1)>)',
    '![x](data:image/svg+xml,<svg/onload=alert(1)>)',
    '[a]: javascript:alert(1)\n\n[a]',
  ])('lets nothing through that runs: %s', (hostile) => {
    for (const rich of [htmlToRich(hostile), markdownToRich(hostile)]) {
      const tags = richToHtml(rich, '</title><script>alert(2)</script>').match(/<[^>]*>/g) ?? [];
      for (const tag of tags) {
        // What is said between quotes is text.
        expect(tag.replaceAll(/(title|alt|class|data-\w+|align)="[^"]*"/g, '')).not.toMatch(HARMFUL);
      }
    }
  });

  it('shows every content type', () => {
    expect(contentAsRich('text/plain', { content: 'a\nb' }).content).toHaveLength(2);
    expect(contentAsRich('application/json', { data: { a: 1 } }).content?.[0]?.type).toBe('codeBlock');
  });
});

describe('import and export', () => {
  it('brings Markdown in as rich text, and out in every form', async () => {
    const id = await imported({ title: 'Häuser: Harbour/Street', format: 'markdown', content: MARKDOWN });
    const document = await owner.api.get(`/api/v1/documents/${id}`);
    expect(document.body).toMatchObject({ contentType: RICH_TEXT, version: 1 });
    const markdown = await exported(id, 'markdown');
    expect(markdown.text).toBe(MARKDOWN);
    expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(markdown.headers.get('content-disposition')).toBe(
      `attachment; filename="Hauser Harbour Street.md"; filename*=UTF-8''H%C3%A4user%20Harbour%20Street.md`,
    );
    const page = await exported(id, 'html');
    expect(page.text).toContain('<strong>bold</strong>');
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await exported(id, 'text')).text).toContain('Keep the blue door');
    expect(JSON.parse((await exported(id, 'json')).text)).toMatchObject({ contentType: RICH_TEXT, version: 1 });
    const pdf = await exported(id, 'pdf');
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.text.slice(0, 5)).toBe('%PDF-');
    expect(pdf.text).toContain('%%EOF');
  });

  it('gives JSON back to whoever exported it', async () => {
    const data = { walls: { litres: 12, colours: ['blue', 'white'] }, done: false };
    const id = await imported({ title: 'Paint', format: 'json', content: JSON.stringify(data) });
    const out = JSON.parse((await exported(id, 'json')).text) as { readonly content: { readonly data: unknown } };
    expect(out.content.data).toEqual(data);
  });

  it('makes a checklist of lines', async () => {
    const contentType = 'application/vnd.candlefish.checklist';
    const content = '- [x] primer\n- [ ] paint\n\nclean up\n';
    const id = await imported({ title: 'To do', format: 'markdown', content, contentType });
    expect((await exported(id, 'markdown')).text).toBe('- [x] primer\n- [ ] paint\n- [ ] clean up\n');
  });

  it('refuses what the format or the content type cannot hold, and makes nothing of it', async () => {
    const before = (await owner.api.get('/api/v1/documents?limit=200')).body as { readonly data: readonly unknown[] };
    const hostile = [
      { title: 'x', format: 'json', content: '{' },
      { title: 'x', format: 'json', content: '[1]' },
      { title: 'x', format: 'json', content: '{"type":"doc","content":[{"type":"script"}]}', contentType: RICH_TEXT },
      { title: 'x', format: 'html', content: '<p>x</p>', contentType: 'application/json' },
      { title: 'x', format: 'pdf', content: 'x' },
      { title: '  ', format: 'text', content: 'x' },
      { title: 'x', format: 'text', content: 'x'.repeat(1024 * 1024 + 1) },
      { title: 'x', format: 'text', content: 'half a pair: \ud800' },
    ];
    for (const body of hostile) {
      const { status, body: problem } = await importAs(body);
      expect([400, 413, 422], JSON.stringify(problem).slice(0, 300)).toContain(status);
    }
    const after = (await owner.api.get('/api/v1/documents?limit=200')).body as { readonly data: readonly unknown[] };
    expect(after.data).toHaveLength(before.data.length);
  });

  it('shows a document of another tenant to nobody, like one that is not there', async () => {
    const id = await imported({ title: 'Ours', format: 'text', content: 'x' });
    const stranger = await network.signUp();
    const theirs = await stranger.api.get(`/api/v1/documents/${id}/export?format=text`);
    const absent = await stranger.api.get('/api/v1/documents/0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234/export?format=text');
    expect([theirs.status, absent.status]).toEqual([404, 404]);
  });
});
