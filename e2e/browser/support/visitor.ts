import type { Browser, BrowserContext, Page } from 'playwright-core';

/** How a visitor looks at the console. */
export interface Sight {
  readonly theme: 'dark' | 'light';
  /** Width of the window, px. */
  readonly width: number;
}

/** A person with a browser of their own. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in their pages so far: errors on the console, uncaught ones, breaches of the page's policy. */
  readonly troubles: readonly string[];
  /** The same, and begins anew. */
  takeTroubles(): readonly string[];
  close(): Promise<void>;
}

/** Longest wait for anything on a page, ms: the machine does other work beside. */
export const WAIT_MAX_MS = 15_000;
const WINDOW_HEIGHT = 800;

/** Opens a browser of their own for a visitor of a platform. */
export async function visit(
  browser: Browser,
  url: string,
  sight: Sight = { theme: 'light', width: 1_280 },
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    colorScheme: sight.theme,
    viewport: { width: sight.width, height: WINDOW_HEIGHT },
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const troubles: string[] = [];
  context.setDefaultTimeout(WAIT_MAX_MS);
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      troubles.push(`${message.type()}: ${message.text()}`);
  });
  context.on('weberror', (error) => troubles.push(`uncaught: ${error.error().stack ?? String(error.error())}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(
        `policy: ${event.violatedDirective} forbids ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  });
  return {
    page: await context.newPage(),
    context,
    troubles,
    takeTroubles: () => troubles.splice(0),
    close: () => context.close(),
  };
}

/** Signs in by the form, as anybody does. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Documents', level: 1 }).waitFor();
}
